//! A run on a world in memory, under addresses of production.

use std::collections::BTreeSet;

use loop_go_live::checks::judge;
use loop_go_live::door::{Ask, Door, Fetched, Lost};
use loop_go_live::gather::gather;
use loop_go_live::receiver::Receiver;
use loop_go_live::table::Table;
use loop_go_live::target::Target;
use loop_go_live::verdict::Line;
use loop_webhooks::Secret;

use crate::world::{SECRET, World};

impl Door for World {
    fn send(&self, ask: &Ask) -> Fetched {
        let answer = self.answer(ask);
        // No server has this status: a way for a tamper to say that nothing comes.
        match answer.status {
            0 => Err(Lost::Insecure("certificate expired".to_owned())),
            1 => Err(Lost::Closed),
            _ => Ok(answer),
        }
    }
}

/// All lines for a world, the receiver included.
pub fn lines(door: &impl Door, world: &World) -> Vec<Line> {
    let receiver = Receiver {
        url: format!("{}/webhooks/loop", world.webhook),
        secret: Some(Secret::new(SECRET).unwrap()),
    };
    let target = Target::parse(&world.app).unwrap();
    judge(&gather(
        door,
        target,
        Table::read().unwrap(),
        Some(&receiver),
    ))
}

/// The ids of lines with this verdict.
pub fn ids(lines: &[Line], verdict: &str) -> BTreeSet<String> {
    let same = lines.iter().filter(|line| line.verdict.name() == verdict);
    same.map(|line| line.id.clone()).collect()
}
