//! The workload of the benchmarks: shared build tenants at any size, from a seed.
//!
//! Publishers, projects with Zipf-like owners, build tenants of fifty, staff with a two-person rule, installs that lead from a release back to a
//! developer's session, and a random AND/OR part: about 12.8 steps for each publisher. The random numbers are those of the Mersenne Twister
//! (M. Matsumoto and T. Nishimura, 1998) as Python's `random.Random(seed).random()` gives them, so that other programs can make the same graph;
//! [`CHECKS`] holds what an independent implementation of the family gave.
#![allow(dead_code, reason = "each benchmark uses a part")]

/// MT19937, seeded by a number.
pub struct Twister {
    state: [u32; 624],
    at: usize,
}

impl Twister {
    pub fn new(seed: u32) -> Twister {
        let mut state = [0u32; 624];
        state[0] = 19_650_218;
        for at in 1..624 {
            let last: u32 = state[at - 1];
            state[at] = 1_812_433_253u32.wrapping_mul(last ^ (last >> 30)).wrapping_add(at as u32);
        }
        let mut at = 1;
        for round in 0..624 + 623 {
            let last = state[at - 1];
            let mixed = last ^ (last >> 30);
            state[at] = if round < 624 {
                (state[at] ^ mixed.wrapping_mul(1_664_525)).wrapping_add(seed)
            } else {
                (state[at] ^ mixed.wrapping_mul(1_566_083_941)).wrapping_sub(at as u32)
            };
            at += 1;
            if at >= 624 {
                state[0] = state[623];
                at = 1;
            }
        }
        state[0] = 0x8000_0000;
        Twister { state, at: 624 }
    }

    fn word(&mut self) -> u32 {
        if self.at == 624 {
            for at in 0..624 {
                let y = (self.state[at] & 0x8000_0000) | (self.state[(at + 1) % 624] & 0x7fff_ffff);
                let twist = if y & 1 == 1 { 0x9908_b0df } else { 0 };
                self.state[at] = self.state[(at + 397) % 624] ^ (y >> 1) ^ twist;
            }
            self.at = 0;
        }
        let mut y = self.state[self.at];
        self.at += 1;
        y ^= y >> 11;
        y ^= (y << 7) & 0x9d2c_5680;
        y ^= (y << 15) & 0xefc6_0000;
        y ^ (y >> 18)
    }

    /// From 0 up to and without 1.
    pub fn unit(&mut self) -> f64 {
        let (a, b) = (self.word() >> 5, self.word() >> 6);
        (f64::from(a) * 67_108_864.0 + f64::from(b)) / 9_007_199_254_740_992.0
    }

    fn below(&mut self, n: f64) -> u32 {
        (n * self.unit()) as u32
    }
}

/// Kinds of capability, in the order of their numbers.
pub const KINDS: [&str; 13] = [
    "base",
    "nomfa",
    "session",
    "token",
    "source",
    "publish",
    "run",
    "noiso",
    "cotenant",
    "staff-cred",
    "approve",
    "admin",
    "random",
];

/// Where each kind begins and how many there are; the goal comes last.
#[derive(Debug, Clone, Copy)]
pub struct Blocks {
    /// First capability and number of each kind.
    pub kinds: [(u32, u32); 13],
    /// The goal.
    pub goal: u32,
}

/// What `generate` calls: the name of a step, its needs, its gain, its probability, and its effort in hours.
pub type Emit<'a> = &'a mut dyn FnMut(&'static str, &[u32], u32, f64, f64);

impl Blocks {
    pub fn new(n: u32) -> Blocks {
        let sizes = [
            1,
            n,
            n,
            n,
            projects(n),
            projects(n),
            tenants(n),
            tenants(n),
            tenants(n),
            staff(n),
            staff(n),
            1,
            4.max(n / 2),
        ];
        let mut kinds = [(0, 0); 13];
        let mut next = 0;
        for (kind, size) in kinds.iter_mut().zip(sizes) {
            *kind = (next, size);
            next += size;
        }
        Blocks { kinds, goal: next }
    }

    fn first(&self, kind: usize) -> u32 {
        self.kinds[kind].0
    }
}

fn projects(n: u32) -> u32 {
    2.max(n * 3 / 2)
}

fn tenants(n: u32) -> u32 {
    2.max(n / 50)
}

fn staff(n: u32) -> u32 {
    2.max(n / 20_000)
}

struct Population {
    owners: Vec<(u32, Option<u32>)>,
    tenant: Vec<u32>,
    installs: Vec<(u32, u32)>,
}

fn population(n: u32, mine: u32, random: &mut Twister) -> Population {
    let (j, t) = (projects(n), tenants(n));
    let size = f64::from(n);
    let mut owners: Vec<(u32, Option<u32>)> = Vec::with_capacity(j as usize);
    for _ in 0..j {
        let first = (size * libm::pow(random.unit(), 1.7)) as u32;
        let second = (random.unit() < 0.25).then(|| random.below(size));
        owners.push((first, second));
    }
    for a in 0..mine {
        owners[(j - 1 - a) as usize] = (n - 1 - a, None);
    }
    let mut tenant = Vec::with_capacity(j as usize);
    for (owner, _) in &owners {
        let own = if random.unit() < 0.9 { owner / 50 } else { random.below(f64::from(t)) };
        tenant.push(own % t);
    }
    let mut installs = Vec::with_capacity(2 * n as usize);
    for publisher in 0..n {
        for _ in 0..2 {
            installs.push((publisher, (f64::from(j) * libm::pow(random.unit(), 3.0)) as u32));
        }
    }
    Population { owners, tenant, installs }
}

/// Generates the family: every step goes to `emit`, in order.
pub fn generate(n: u32, seed: u32, emit: Emit) -> Blocks {
    let random = &mut Twister::new(seed);
    let blocks = Blocks::new(n);
    let mine = if n >= 100 { 3 } else { 1 };
    let people = population(n, mine, random);
    let [base, nomfa, session, token, source, publish, run, noiso, cotenant, staff_cred, approve, admin, rand] =
        std::array::from_fn(|kind| blocks.first(kind));
    for a in 0..mine {
        emit("join", &[base], session + n - 1 - a, 1.0, 1.0);
    }
    for p in 0..n {
        if random.unit() < 0.05 {
            emit("phish", &[base], session + p, 0.02, 20.0);
        }
        if random.unit() < 0.4 {
            emit("no-second-factor", &[base], nomfa + p, 1.0, 0.0);
        }
        emit("steal-token", &[session + p, nomfa + p], token + p, 0.7, 2.0);
    }
    for (k, (owner, second)) in (0u32..).zip(&people.owners) {
        for o in [Some(*owner), *second].into_iter().flatten() {
            emit("push", &[session + o], source + k, 0.9, 1.0);
            emit("upload", &[token + o], publish + k, 0.95, 1.0);
        }
        let tenant = people.tenant[k as usize];
        emit("build", &[source + k], run + tenant, 0.8, 3.0);
        emit("publish-as-cotenant", &[cotenant + tenant], publish + k, 0.6, 4.0);
        emit("administer", &[admin], publish + k, 1.0, 1.0);
    }
    for i in 0..tenants(n) {
        if random.unit() < 0.3 || i == people.tenant[projects(n) as usize - 1] {
            emit("no-isolation", &[base], noiso + i, 1.0, 0.0);
        }
        emit("escape", &[run + i, noiso + i], cotenant + i, 0.5, 6.0);
    }
    for (p, k) in &people.installs {
        emit("install", &[publish + k], session + p, 0.03, 10.0);
    }
    for s in 0..staff(n) {
        let victim = random.below(f64::from(n));
        emit("escalate", &[session + victim], staff_cred + s, 0.2, 15.0);
        emit("approve", &[staff_cred + s, staff_cred + (s + 1) % staff(n)], approve + s, 0.5, 5.0);
        emit("two-person-rule", &[approve + s, staff_cred + s], admin, 0.5, 5.0);
    }
    anything(n, &blocks, (rand, source), random, emit);
    for k in 0..10.min(projects(n)) {
        emit("release", &[publish + k], blocks.goal, 1.0, 0.0);
    }
    blocks
}

/// The random part: each of its capabilities has two ways, from one to three of all capabilities.
fn anything(n: u32, blocks: &Blocks, (rand, source): (u32, u32), random: &mut Twister, emit: Emit) {
    let extra = blocks.kinds[12].1;
    let total = f64::from(rand + extra - 1);
    for i in 0..extra {
        for _ in 0..2 {
            let k = 1 + random.below(3.0) as usize;
            let mut needs = [0; 3];
            needs[..k].iter_mut().for_each(|need| *need = 1 + random.below(total));
            let (p, hours) = (0.3 + 0.6 * random.unit(), 1.0 + 9.0 * random.unit());
            emit("random", &needs[..k], rand + i, p, hours);
        }
        if random.unit() < 0.2 {
            let project = random.below(f64::from(projects(n)));
            emit("leak", &[rand + i], source + project, 0.2, 8.0);
        }
    }
}

/// What an independent implementation gave for seed 1: publishers, nodes, steps, premises, and a sum over everything.
pub const CHECKS: [(u32, u32, u64, u64, u64); 3] = [
    (100, 663, 1296, 1504, 14358413783935982941),
    (1000, 6567, 12845, 14913, 17351461808697001878),
    (10000, 65607, 128280, 148475, 16366978270920532886),
];

/// Nodes, steps, premises, and a sum (FNV-1a over premises and heads as 32-bit words, and over probabilities and costs as 32-bit floats).
pub fn check(n: u32) -> (u32, u32, u64, u64, u64) {
    let (mut steps, mut premises) = (0, 0);
    let mut sum = 0xcbf2_9ce4_8422_2325u64;
    let blocks = generate(n, 1, &mut |_, needs, gains, p, hours| {
        steps += 1;
        premises += needs.len() as u64;
        let floats = [(p as f32).to_bits(), (hours as f32).to_bits()];
        for word in needs.iter().copied().chain([gains]).chain(floats) {
            sum = (sum ^ u64::from(word)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    });
    (n, blocks.goal + 1, steps, premises, sum)
}
