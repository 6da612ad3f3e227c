//! The command that reads offer files. In: arguments. Out: [`Prices`].

use std::path::PathBuf;

use clap::Args;

const MORE: &str = "\
AWS publishes a file for each service and Region, which need no account:

  curl -O https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws/AmazonEC2/current/eu-west-1/index.csv

Others are AmazonRDS, AmazonElastiCache, AWSELB, AmazonS3, AWSLambda, AmazonDynamoDB, AWSQueueService,
AmazonECS, AmazonEKS, AmazonCloudWatch, AmazonVPC and AWSDataTransfer. A scenario names the result:

  simcap prices ec2.csv rds.csv elb.csv > prices-eu-west-1.csv

  region = \"eu-west-1\"
  price_list = \"prices-eu-west-1.csv\"";

#[derive(Args, Debug)]
#[command(after_help = MORE)]
pub struct Prices {
    /// Offer files: `index.csv` of a service, of one Region or of all
    #[arg(required = true, value_name = "FILE")]
    pub offers: Vec<PathBuf>,
}
