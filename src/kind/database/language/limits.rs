//! The connection limit that AWS sets. In: an engine and a class. Out: a number of connections.

use super::engine::Engine;
use crate::catalog::DatabaseClass;

/// Bytes of memory for each connection of RDS for MySQL.
/// Source: Amazon RDS user guide, quotas: `DBInstanceClassMemory/12582880` (2023-06).
const BYTES_PER_CONNECTION: u64 = 12_582_880;
/// The same of PostgreSQL, on RDS and Aurora, and the most by default.
/// Source: Amazon RDS user guide, quotas; Aurora user guide, Aurora PostgreSQL, maximum connections:
/// `LEAST({DBInstanceClassMemory/9531392}, 5000)`.
const POSTGRES: (u64, u64) = (9_531_392, 5_000);
/// Hard limit of connections. Source: Aurora user guide, Aurora MySQL performance (2023-06).
const CONNECTIONS_MAX: u32 = 16_000;

/// The connection limit that AWS sets for a class.
pub(super) fn default_connections(engine: Engine, class: &DatabaseClass) -> u32 {
    let by_memory = match (engine, class.aurora_max_connections) {
        (Engine::AuroraMysql, Some(published)) => return published,
        // Each doubling of memory adds a thousand, from 1,000 at 16 GiB (the same table, continued).
        (Engine::AuroraMysql, None) => 1_000.0 * (libm::log2(class.memory.as_gib() / 16.0) + 1.0),
        (Engine::Mysql, _) => (class.memory.0 / BYTES_PER_CONNECTION) as f64,
        (Engine::AuroraPostgresql | Engine::Postgres, _) => {
            (class.memory.0 / POSTGRES.0).min(POSTGRES.1) as f64
        }
    };
    (by_memory as u32).clamp(45, CONNECTIONS_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Bytes;

    fn class(gib: u64, published: Option<u32>) -> DatabaseClass {
        DatabaseClass {
            name: String::new(),
            vcpus: 2,
            memory: Bytes(gib << 30),
            strength: 1.0,
            aurora_max_connections: published,
        }
    }

    #[test]
    fn connection_limits_follow_the_published_rules() {
        assert_eq!(default_connections(Engine::AuroraMysql, &class(16, Some(1_000))), 1_000);
        assert_eq!(default_connections(Engine::AuroraMysql, &class(64, None)), 3_000);
        assert_eq!(default_connections(Engine::Mysql, &class(16, Some(1_000))), 1_365);
        assert_eq!(default_connections(Engine::AuroraMysql, &class(1, None)), 45);
    }

    /// 17,179,869,184 / 9,531,392 = 1,802.4 on 16 GiB, and 5,000 from 44.4 GiB on; the table of Aurora MySQL does not matter.
    #[test]
    fn postgresql_has_a_connection_for_each_nine_megabytes_up_to_five_thousand() {
        for engine in [Engine::Postgres, Engine::AuroraPostgresql] {
            let found = [1, 16, 44, 45, 128].map(|gib| default_connections(engine, &class(gib, Some(1_000))));
            assert_eq!(found, [112, 1_802, 4_956, 5_000, 5_000]);
        }
    }
}
