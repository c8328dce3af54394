//! Results that were asked for before there was a component.

use super::*;

/// For Maya, whose request is on its way when `then` happens, before there is a component.
fn asked_ahead(then: impl FnOnce(&Sim, &Session<Sim>)) -> Bench {
    Bench::begun(Some("maya"), "openid read:biomarkers", |sim, session| {
        let ahead = Ahead::results(session).unwrap();
        sim.settle();
        assert_eq!(sim.world(|world| world.sent.len()), 1);
        then(sim, session);
        Some(ahead)
    })
}

#[test]
fn results_that_were_asked_for_before_anything_could_be_shown_are_not_asked_for_again() {
    let bench = asked_ahead(|_, _| ());
    assert_eq!(bench.state(), "loading 0 new fine");
    bench.wait();
    assert_eq!(bench.state(), "still 2 new fine");
    assert_eq!(bench.sent(), 1);

    bench.read(UseBiomarkers::reload);
    bench.wait();
    assert_eq!(bench.state(), "still 2 new fine");
    assert_eq!(bench.sent(), 2);
}

#[test]
fn results_that_came_before_anything_could_be_shown_are_shown() {
    let bench = asked_ahead(|sim, _| {
        while sim.is_sending() {
            sim.wait();
            sim.settle();
        }
    });
    assert_eq!(bench.state(), "still 2 new fine");
    assert_eq!(bench.sent(), 1);
}

#[test]
fn results_that_were_asked_for_in_the_name_of_somebody_who_left_are_nobodys() {
    let bench = asked_ahead(|sim, session| {
        sign_in(sim, "jonas", "openid read:biomarkers");
        session.revisit();
    });
    bench.wait();
    assert_eq!(bench.state(), "still 2 new fine");
    let asked = bench.sim.world(|world| {
        let urls = world.sent.iter();
        urls.map(|request| request.url.contains("jonas"))
            .collect::<Vec<_>>()
    });
    assert_eq!(asked, [false, true]);
}

#[test]
fn results_that_were_asked_for_in_vain_can_be_asked_for_again() {
    let bench = asked_ahead(|_, _| ());
    *bench.answer.borrow_mut() = Ok(says(200, "<html>"));
    bench.wait();
    assert_eq!(bench.state(), "still 0 new unreadable_answer");
    *bench.answer.borrow_mut() = Ok(results(&["tsh"]));
    bench.read(UseBiomarkers::reload);
    bench.wait();
    assert_eq!(bench.state(), "still 1 new fine");
}
