//! What a thread of a worker has open: Redis and the database. In: their ports. Out: a page looked up, an order placed.

use std::time::Duration;

use anyhow::Result;
use mysql::prelude::Queryable as _;
use mysql::{Conn, OptsBuilder};
use redis::Commands as _;

pub struct Stores {
    redis: redis::Connection,
    sql: Conn,
}

impl Stores {
    pub fn open(redis: u16, sql: u16) -> Result<Self> {
        let redis = redis::Client::open(("127.0.0.1", redis))?.get_connection()?;
        let options = OptsBuilder::new()
            .ip_or_hostname(Some("127.0.0.1"))
            .tcp_port(sql)
            .prefer_socket(false)
            .user(Some("root"))
            .db_name(Some("shop"));
        Ok(Self { redis, sql: Conn::new(options)? })
    }

    /// The cached text of a page.
    pub fn page(&mut self) -> Result<Vec<u8>> {
        Ok(self.redis.get("page")?)
    }

    /// Counts the basket in Redis, then sells one in a transaction. Its first statement takes the row, which everybody else who
    /// orders waits for until the commit.
    pub fn order(&mut self, hold: Duration) -> Result<()> {
        let basket: Option<u64> = self.redis.get("basket")?;
        let _: () = self.redis.set("basket", basket.unwrap_or(0) + 1)?;
        self.sql.query_drop("START TRANSACTION")?;
        self.sql.query_drop("UPDATE stock SET items = items - 1 WHERE id = 1")?;
        std::thread::sleep(hold);
        self.sql.query_drop("INSERT INTO orders (placed) VALUES (NOW(6))")?;
        self.sql.query_drop("COMMIT")?;
        Ok(())
    }
}
