//! Lists of ids per id, in two flat arrays.

/// For each row a list of ids.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Csr {
    starts: Vec<u32>,
    items: Vec<u32>,
}

impl Csr {
    /// From the rows themselves.
    pub fn new<'a>(rows: impl Iterator<Item = &'a [u32]>) -> Csr {
        let mut csr = Csr { starts: vec![0], items: Vec::new() };
        for row in rows {
            csr.items.extend_from_slice(row);
            csr.starts.push(csr.items.len() as u32);
        }
        csr
    }

    /// The other way round: for each of `size` items, the rows it stands in, ascending.
    pub fn turned(&self, size: usize) -> Csr {
        let mut starts = vec![0u32; size + 1];
        for item in &self.items {
            starts[*item as usize + 1] += 1;
        }
        for at in 0..size {
            starts[at + 1] += starts[at];
        }
        let mut next = starts.clone();
        let mut items = vec![0; self.items.len()];
        for row in 0..self.len() {
            for item in self.row(row as u32) {
                items[next[*item as usize] as usize] = row as u32;
                next[*item as usize] += 1;
            }
        }
        Csr { starts, items }
    }

    /// One list.
    #[inline(always)]
    pub fn row(&self, at: u32) -> &[u32] {
        &self.items[self.starts[at as usize] as usize..self.starts[at as usize + 1] as usize]
    }

    /// How many lists.
    pub fn len(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// No lists at all.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All entries of all lists.
    pub fn entries(&self) -> usize {
        self.items.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turned_twice_it_is_the_same() {
        let rows: [&[u32]; 4] = [&[0, 2], &[], &[1, 2], &[2]];
        let csr = Csr::new(rows.into_iter());
        let turned = csr.turned(3);
        assert_eq!(turned.row(2), [0, 2, 3]);
        assert_eq!(turned.turned(4), csr);
        assert_eq!((csr.len(), csr.entries()), (4, 5));
    }
}
