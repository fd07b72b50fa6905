//! A queue that people leave: M/M/c with exponential patience (Erlang A).
//!
//! Source of the formulas: C. Palm, "Research on telephone traffic carried by full availability groups", Tele 1 (1957); the form used
//! here is the birth-death chain of O. Garnett, A. Mandelbaum and M. Reiman, "Designing a call center with impatient customers",
//! Manufacturing & Service Operations Management 4 (2002). With j in the system, arrivals come at rate lambda, and one leaves at rate
//! min(j, c) mu + max(j - c, 0) theta.

/// A queue. All rates are per the same unit of time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Queue {
    /// Arrivals.
    pub arrivals: f64,
    /// What one server finishes while busy.
    pub service: f64,
    /// Servers, at least 1.
    pub servers: u32,
    /// Rate at which one who waits gives up: 1 / mean patience. 0: nobody does.
    pub giving_up: f64,
}

/// What becomes of those who arrive, in the long run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Waiting {
    /// Share of arrivals that has to wait at all.
    pub delayed: f64,
    /// Share of arrivals that gives up before being served.
    pub gives_up: f64,
    /// Mean time until served or given up, over all arrivals.
    pub mean_wait: f64,
    /// Mean number waiting.
    pub length: f64,
    /// Share of the servers' time that is work.
    pub busy: f64,
}

/// Weights below this share of the largest no longer count: far below the last digit of a sum.
const NEGLIGIBLE: f64 = 1e-25;

impl Queue {
    /// The long run; `None` where there is none: a rate is negative or not a number, nobody serves, or nobody gives up and more arrive than can
    /// be served.
    pub fn long_run(self) -> Option<Waiting> {
        let Queue { arrivals, service, servers, giving_up } = self;
        let rates = [arrivals, service, giving_up];
        if rates.iter().any(|rate| !rate.is_finite() || *rate < 0.0) || service == 0.0 || servers == 0 {
            return None;
        }
        if arrivals == 0.0 {
            return Some(Waiting { delayed: 0.0, gives_up: 0.0, mean_wait: 0.0, length: 0.0, busy: 0.0 });
        }
        let servers = f64::from(servers);
        if giving_up == 0.0 && arrivals >= servers * service {
            return None;
        }
        let sums = self.sums(servers);
        let length = sums.waiting / sums.all;
        Some(Waiting {
            delayed: sums.delayed / sums.all,
            gives_up: giving_up * length / arrivals,
            mean_wait: length / arrivals,
            length,
            busy: sums.busy / sums.all / servers,
        })
    }

    /// Sums over the states of the chain, each state weighted by its chance up to one common factor. From the likeliest state downwards and
    /// upwards, so that nothing overflows.
    fn sums(self, servers: f64) -> Sums {
        let leaving = |j: f64| j.min(servers) * self.service + (j - servers).max(0.0) * self.giving_up;
        let middle = self.likeliest(servers);
        let mut sums = Sums::default();
        let (mut j, mut weight) = (middle, 1.0);
        while weight > NEGLIGIBLE {
            sums.add(j, weight, servers);
            j += 1.0;
            weight *= self.arrivals / leaving(j);
        }
        let (mut j, mut weight) = (middle, 1.0);
        while j > 0.0 && weight > NEGLIGIBLE {
            weight *= leaving(j) / self.arrivals;
            j -= 1.0;
            sums.add(j, weight, servers);
        }
        sums
    }

    /// The state from which arrivals no longer outpace those who leave.
    fn likeliest(self, servers: f64) -> f64 {
        if self.arrivals <= servers * self.service {
            return libm::floor(self.arrivals / self.service);
        }
        // Beyond the servers' capacity only giving up holds the queue; `long_run` has seen to it that somebody does.
        servers + libm::floor((self.arrivals - servers * self.service) / self.giving_up)
    }
}

#[derive(Default)]
struct Sums {
    all: f64,
    delayed: f64,
    waiting: f64,
    busy: f64,
}

impl Sums {
    fn add(&mut self, j: f64, weight: f64, servers: f64) {
        self.all += weight;
        self.busy += weight * j.min(servers);
        if j >= servers {
            self.delayed += weight;
            self.waiting += weight * (j - servers);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The chain written out up to a great many states and normalised.
    fn slowly(queue: Queue, states: usize) -> Waiting {
        let c = queue.servers as usize;
        let mut logs = vec![0.0f64];
        for j in 1..states {
            let leaving = j.min(c) as f64 * queue.service + j.saturating_sub(c) as f64 * queue.giving_up;
            logs.push(logs[j - 1] + (queue.arrivals / leaving).ln());
        }
        let top = logs.iter().copied().fold(f64::MIN, f64::max);
        let weights: Vec<f64> = logs.iter().map(|log| (log - top).exp()).collect();
        let all: f64 = weights.iter().sum();
        let mean =
            |of: &dyn Fn(usize) -> f64| weights.iter().enumerate().map(|(j, weight)| weight * of(j)).sum::<f64>() / all;
        let length = mean(&|j| j.saturating_sub(c) as f64);
        Waiting {
            delayed: mean(&|j| f64::from(u8::from(j >= c))),
            gives_up: queue.giving_up * length / queue.arrivals,
            mean_wait: length / queue.arrivals,
            length,
            busy: mean(&|j| j.min(c) as f64) / c as f64,
        }
    }

    fn near(a: f64, b: f64) -> bool {
        (a - b).abs() <= 1e-9 * (1.0 + a.abs().max(b.abs()))
    }

    #[test]
    fn it_is_the_chain_written_out() {
        for arrivals in [0.1, 3.0, 9.9, 10.0, 40.0] {
            for servers in [1, 2, 10] {
                for giving_up in [0.05, 1.0, 20.0] {
                    let queue = Queue { arrivals, service: 1.0, servers, giving_up };
                    let (fast, slow) = (queue.long_run().unwrap(), slowly(queue, 20_000));
                    let pairs = [
                        (fast.delayed, slow.delayed),
                        (fast.gives_up, slow.gives_up),
                        (fast.mean_wait, slow.mean_wait),
                        (fast.length, slow.length),
                        (fast.busy, slow.busy),
                    ];
                    assert!(pairs.iter().all(|(a, b)| near(*a, *b)), "{queue:?}: {fast:?} {slow:?}");
                }
            }
        }
    }

    #[test]
    fn with_endless_patience_it_is_erlang_c_and_one_server_is_known_by_heart() {
        let one = Queue { arrivals: 0.8, service: 1.0, servers: 1, giving_up: 0.0 }.long_run().unwrap();
        assert!(near(one.delayed, 0.8) && near(one.length, 0.8 * 0.8 / 0.2) && near(one.busy, 0.8), "{one:?}");
        // Erlang C for two servers at an offered load of 1: 1/3.
        let two = Queue { arrivals: 1.0, service: 1.0, servers: 2, giving_up: 0.0 }.long_run().unwrap();
        assert!(near(two.delayed, 1.0 / 3.0), "{two:?}");
        assert_eq!(Queue { arrivals: 2.0, service: 1.0, servers: 2, giving_up: 0.0 }.long_run(), None);
    }

    #[test]
    fn what_comes_in_goes_out_served_or_given_up() {
        for arrivals in [0.5, 20.0, 1000.0, 50_000.0] {
            let queue = Queue { arrivals, service: 2.0, servers: 7, giving_up: 0.3 };
            let run = queue.long_run().unwrap();
            let served = run.busy * f64::from(queue.servers) * queue.service;
            assert!(near(served + run.gives_up * arrivals, arrivals), "{run:?}");
            assert!((0.0..=1.0).contains(&run.delayed) && (0.0..=1.0).contains(&run.gives_up));
        }
    }

    #[test]
    fn more_servers_never_make_it_longer_and_more_arrivals_never_shorter() {
        let wait =
            |arrivals, servers| Queue { arrivals, service: 1.0, servers, giving_up: 0.1 }.long_run().unwrap().mean_wait;
        for servers in 1..30 {
            assert!(wait(12.0, servers + 1) <= wait(12.0, servers) + 1e-12);
        }
        for arrivals in 1..60 {
            assert!(wait(f64::from(arrivals + 1), 12) + 1e-12 >= wait(f64::from(arrivals), 12));
        }
    }

    #[test]
    fn a_queue_that_is_none_has_no_answer() {
        let queue = Queue { arrivals: 1.0, service: 1.0, servers: 1, giving_up: 1.0 };
        assert!(queue.long_run().is_some());
        for broken in [
            Queue { arrivals: f64::NAN, ..queue },
            Queue { arrivals: -1.0, ..queue },
            Queue { service: 0.0, ..queue },
            Queue { servers: 0, ..queue },
            Queue { giving_up: f64::INFINITY, ..queue },
        ] {
            assert_eq!(broken.long_run(), None, "{broken:?}");
        }
        assert_eq!(Queue { arrivals: 0.0, ..queue }.long_run().unwrap().gives_up, 0.0);
    }
}
