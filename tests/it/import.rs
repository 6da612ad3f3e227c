//! Scenarios that are made from files of a real system.

/// Plans and states of Terraform, templates of CloudFormation, CDK and SAM.
mod infrastructure;
