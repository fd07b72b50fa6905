//! How much of a report is told, and in words what is not: a post has room for less than a page.

/// How much is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Detail {
    /// Ways told step by step for each design; with none, each design is one line.
    pub paths: usize,
    /// The model lines behind each hop.
    pub lines: bool,
    /// The likeliest way of every question beyond those paths.
    pub every_question: bool,
    /// The names behind counts: shared ways, costs, what did not fire.
    pub lists: bool,
    /// The worst way of each design as a chart.
    pub charts: bool,
    /// What would turn an order, and what an interval leaves open.
    pub turns: bool,
    /// What the safety of each design rests on, and where its steps were seen.
    pub grounds: bool,
    /// What some designs examine and others do not.
    pub partly: bool,
    /// A table for each question after the first.
    pub tables: bool,
    /// Where there are several designs, what belongs to one of them or to a later question stands behind a line.
    pub folds: bool,
    /// Every question of every design, drawn, with its ways to choose from.
    pub drawn: bool,
}

impl Detail {
    /// Everything that fits into running text.
    pub const FULL: Detail = Detail {
        paths: 3,
        lines: true,
        every_question: true,
        lists: true,
        charts: true,
        turns: true,
        grounds: true,
        partly: true,
        tables: true,
        folds: false,
        drawn: false,
    };
    /// For a page that can be walked through.
    pub const PAGE: Detail = Detail { charts: false, drawn: true, ..Detail::FULL };

    /// For a post: ever less of it, in the order in which it is missed least.
    pub const LADDER: [Detail; 11] = {
        let all = Detail { folds: true, ..Detail::FULL };
        let hops = Detail { lines: false, ..all };
        let first = Detail { every_question: false, ..hops };
        let counts = Detail { lists: false, ..first };
        let words = Detail { charts: false, ..counts };
        let worst = Detail { paths: 1, ..words };
        let shared = Detail { partly: false, ..worst };
        let orders = Detail { turns: false, ..shared };
        let bare = Detail { grounds: false, ..orders };
        let rows = Detail { paths: 0, ..bare };
        let glance = Detail { tables: false, ..rows };
        [all, hops, first, counts, words, worst, shared, orders, bare, rows, glance]
    };

    /// Is only the worst told of each design?
    pub fn short(&self) -> bool {
        self.paths < Detail::FULL.paths
    }

    /// What was left out, in words; nothing if nothing was.
    pub fn left_out(&self) -> Option<String> {
        let parts = [
            (!self.lines, "the model lines behind each hop"),
            (!self.every_question, "the likeliest way of the other questions"),
            (
                !self.lists,
                "the names behind some counts (shared ways, costs, steps ruled out), and the order on later questions",
            ),
            (!self.charts && !self.drawn, "the charts"),
            (self.short() && self.paths > 0, "all but the worst way of each design"),
            (!self.turns, "what turns an order, and what an interval leaves open"),
            (!self.grounds, "what the safety of each design rests on, and where its steps were seen before"),
            (self.paths == 0, "the ways step by step, the notes on each design, and the questions for the room"),
            (!self.partly, "what some designs examine and others do not"),
            (!self.tables, "the tables of the later questions"),
        ];
        let left: Vec<&str> = parts.iter().filter(|(left, _)| *left).map(|(_, what)| *what).collect();
        (!left.is_empty()).then(|| left.join("; "))
    }
}
