//! All resources of the files and what refers to what. In: resources. Out: the resources that a value refers to, those that let one
//! another in, and what stands for a resource: its role, its template, its policies.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::address::{LOCAL, half_known, number, plain, split, written};
use super::mark;
use super::resource::{Resource, View};

/// Properties by which others refer to a resource once it is there.
const IDENTITIES: &[&str] = &[
    "id",
    "arn",
    "arn_suffix",
    "name",
    "dns_name",
    "endpoint",
    "address",
    "reader_endpoint",
    "url",
    "family",
    "primary_endpoint_address",
    "reader_endpoint_address",
    "configuration_endpoint",
    "configuration_endpoint_address",
    "cluster_address",
    "domain_name",
    "bucket",
    "bucket_name",
    "bucket_regional_domain_name",
    "bucket_domain_name",
    "invoke_arn",
    "qualified_arn",
    "function_name",
    "table_name",
    "queue_name",
    "topic_name",
    "identifier",
    "cluster_identifier",
    "replication_group_id",
    "cluster_id",
    "db_instance_identifier",
    "db_cluster_identifier",
    "launch_template_name",
    "execution_arn",
    "api_endpoint",
    "invoke_url",
    "stream_arn",
    "cluster_name",
    "service_name",
    "auto_scaling_group_name",
    "load_balancer_name",
    "stage_name",
    "role_name",
];

/// Kinds that name the roles and secrets that they are for.
const POLICIES: &[&str] = &[
    "aws_iam_policy",
    "aws_iam_role_policy",
    "aws_iam_role_policy_attachment",
    "aws_secretsmanager_secret_version",
    "aws_secretsmanager_secret_target_attachment",
];

/// The resources, with their references.
#[derive(Debug, Default)]
pub struct World {
    /// In the order of the files.
    pub resources: Vec<Resource>,
    addresses: BTreeMap<String, Vec<usize>>,
    literals: BTreeMap<String, Vec<usize>>,
    hosts: Vec<(String, usize)>,
    /// From a security group to those that let it in.
    admits: BTreeMap<usize, BTreeSet<usize>>,
    /// What policies and the like refer to: they name the roles that they are for, and not the other way round.
    policies: Vec<(usize, BTreeSet<usize>)>,
}

impl World {
    /// Notes what each resource is known by.
    pub fn new(resources: Vec<Resource>) -> World {
        let mut world = World { resources, ..World::default() };
        for (i, resource) in world.resources.iter().enumerate() {
            let written = written(&resource.address);
            let mut names = vec![resource.address.clone(), plain(&resource.address).to_owned(), written];
            names.extend(half_known(&resource.address));
            for address in names {
                let known = world.addresses.entry(address).or_default();
                if !known.contains(&i) {
                    known.push(i);
                }
            }
            for identity in IDENTITIES {
                let Some(text) = resource.values.get(identity).and_then(Value::as_str) else { continue };
                if text.len() < 3 || mark::is_in(text) {
                    continue;
                }
                world.literals.entry(text.to_owned()).or_default().push(i);
                // An endpoint is also found inside of a connection string.
                let host = text.split(':').next().unwrap_or_default();
                if host.len() > 12 && host.matches('.').count() >= 2 && !text.starts_with("arn:") {
                    world.hosts.push((host.to_owned(), i));
                }
            }
        }
        world.admits = world.security();
        world.policies = world.of(POLICIES).map(|(i, policy)| (i, world.refs(&policy.values))).collect();
        world
    }

    /// Resources of a kind.
    pub fn of<'w>(&'w self, kinds: &'w [&str]) -> impl Iterator<Item = (usize, &'w Resource)> {
        self.resources.iter().enumerate().filter(|(_, resource)| kinds.contains(&resource.kind.as_str()))
    }

    /// The resources of an address; those of every number, where none has the one that it says.
    fn at(&self, address: &str) -> Option<&Vec<usize>> {
        let known = |address: &str| self.addresses.get(address);
        known(address).or_else(|| known(plain(address))).or_else(|| known(&written(address)))
    }

    /// The only resource of these kinds in the module whose local a value comes from: a plan does not say what a local is.
    fn by_local(&self, value: &Value, kinds: &[&str]) -> Option<usize> {
        let mut modules = BTreeSet::new();
        mark::texts(value, &mut |text| {
            let locals = mark::in_text(text).filter(|it| split(it).1 == LOCAL);
            modules.extend(locals.map(|it| it.strip_suffix(LOCAL).unwrap_or_default().to_owned()));
        });
        let within = |address: &str| {
            let own = address.len() - split(address).1.len();
            modules.contains(&address[..own]) || modules.contains(&written(&address[..own]))
        };
        let mut found = self.of(kinds).filter(|(_, resource)| within(&resource.address)).map(|(i, _)| i);
        found.next().filter(|_| found.next().is_none())
    }

    /// The resources that a value refers to.
    pub fn refs(&self, value: &Value) -> BTreeSet<usize> {
        let mut found = BTreeSet::new();
        mark::texts(value, &mut |text| {
            for address in mark::in_text(text) {
                found.extend(self.at(address).into_iter().flatten());
            }
            found.extend(self.literals.get(text).into_iter().flatten());
            if text.len() > 12 && text.len() < 65_536 && text.contains('.') {
                found.extend(
                    self.hosts.iter().filter(|(host, _)| text.contains(host.as_str())).map(|(_, i)| i),
                );
            }
        });
        found
    }

    /// The resources of these kinds that a property refers to; those of the same number where it says none.
    pub fn linked(&self, from: View<'_>, names: &[&str], kinds: &[&str]) -> Vec<usize> {
        let Some(value) = from.get(names) else { return Vec::new() };
        let found = self.refs(value);
        let mut found: Vec<usize> =
            found.into_iter().filter(|i| kinds.contains(&self.resources[*i].kind.as_str())).collect();
        if found.is_empty() {
            found.extend(self.by_local(value, kinds));
        }
        found
    }

    /// The first of them, or the one beside it in a `count`.
    pub fn link(&self, of: usize, from: View<'_>, names: &[&str], kinds: &[&str]) -> Option<usize> {
        let found = self.linked(from, names, kinds);
        let own = number(&self.resources[of].address);
        let beside = found.iter().find(|i| own.is_some() && number(&self.resources[**i].address) == own);
        beside.or(found.first()).copied()
    }

    /// What a resource refers to in all that describes it: itself, its templates, its roles and their policies.
    pub fn reach(&self, from: &[usize]) -> BTreeSet<usize> {
        const CARRIERS: &[&str] = &[
            "aws_launch_template",
            "aws_launch_configuration",
            "aws_ecs_task_definition",
            "aws_iam_role",
            "aws_iam_instance_profile",
            "aws_iam_policy",
            "aws_iam_role_policy",
            "aws_ssm_parameter",
            "aws_secretsmanager_secret_version",
            "aws_secretsmanager_secret",
            "aws_iam_role_policy_attachment",
            "aws_db_proxy",
            "aws_secretsmanager_secret_target_attachment",
        ];
        let mut seen: BTreeSet<usize> = from.iter().copied().collect();
        let mut next: Vec<usize> = from.to_vec();
        while let Some(i) = next.pop() {
            let resource = &self.resources[i];
            let own = from.contains(&i) || CARRIERS.contains(&resource.kind.as_str());
            if !own {
                continue;
            }
            let mut found = self.refs(&resource.values);
            if matches!(resource.kind.as_str(), "aws_iam_role" | "aws_secretsmanager_secret") {
                found.extend(
                    self.policies.iter().filter(|(_, refs)| refs.contains(&i)).map(|(policy, _)| policy),
                );
            }
            next.extend(found.into_iter().filter(|other| seen.insert(*other)));
        }
        seen
    }

    /// The security groups that these resources are in.
    pub fn groups(&self, of: &BTreeSet<usize>) -> BTreeSet<usize> {
        const NAMES: &[&str] = &[
            "security_groups",
            "security_group_ids",
            "vpc_security_group_ids",
            "network_interfaces",
            "vpc_config",
            "vpc_security_groups",
            "cluster_security_group_id",
            "network_configuration",
            "launch_template_data",
            "cache_security_group_ids",
            "network_interface",
        ];
        let values =
            of.iter().flat_map(|i| NAMES.iter().filter_map(|name| self.resources[*i].values.get(name)));
        let found = values.flat_map(|value| self.refs(value));
        found.filter(|i| self.resources[*i].kind == "aws_security_group").collect()
    }

    /// Whether a security group of `to` lets in one of `from`.
    pub fn lets_in(&self, from: &BTreeSet<usize>, to: &BTreeSet<usize>) -> bool {
        from.iter().any(|i| self.admits.get(i).is_some_and(|open| !open.is_disjoint(to)))
    }

    fn security(&self) -> BTreeMap<usize, BTreeSet<usize>> {
        let mut admits: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
        let group = |i: &usize| self.resources[*i].kind == "aws_security_group";
        for (i, resource) in self.resources.iter().enumerate() {
            let values = &resource.values;
            let (to, from): (Vec<usize>, Vec<&Value>) = match resource.kind.as_str() {
                "aws_security_group" => (
                    vec![i],
                    ["ingress", "security_group_ingress"].iter().filter_map(|key| values.get(key)).collect(),
                ),
                "aws_security_group_rule" | "aws_vpc_security_group_ingress_rule" => {
                    if values.get("type").and_then(Value::as_str) == Some("egress") {
                        continue;
                    }
                    let to = ["security_group_id", "group_id"].iter().filter_map(|key| values.get(key));
                    let from = ["source_security_group_id", "referenced_security_group_id"];
                    (
                        to.flat_map(|to| self.refs(to)).collect(),
                        from.iter().filter_map(|key| values.get(key)).collect(),
                    )
                }
                _ => continue,
            };
            for source in from.into_iter().flat_map(|value| self.refs(value)).filter(group) {
                admits.entry(source).or_default().extend(to.iter().filter(|i| group(i)));
            }
        }
        admits
    }
}
