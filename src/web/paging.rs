//! Long lists, page by page.

use crate::{
    domain::wording,
    store::{Found, Window},
    web::{
        asked::{self, Unusable},
        failure::Failure,
        paths::Href,
        refusal::PastTheEnd,
    },
};

/// Lines on one page.
const SIZE: i64 = 50;

/// Where in a long list a page is, and the addresses of its neighbours.
#[derive(Debug, Clone)]
pub struct Pager {
    /// Which page, from 1.
    pub page: i64,
    /// How many pages.
    pub pages: i64,
    /// How many lines on all of them.
    pub total: i64,
    list: Href,
}

/// Which page was asked for; the first if none was.
pub fn asked(page: Option<&str>) -> Result<i64, Unusable> {
    Ok(i64::try_from(asked::page(page)?).unwrap_or(i64::MAX / SIZE))
}

/// That the only page of a list that is never long was asked for.
pub fn only(page: Option<&str>, list: Href) -> Result<(), Failure> {
    match asked(page)? {
        1 => Ok(()),
        _ => Err(Failure::from(PastTheEnd).leads(list, "The last page")),
    }
}

/// The lines of a page.
pub fn window(page: i64) -> Window {
    Window { offset: (page - 1) * SIZE, limit: SIZE }
}

/// The lines of a page, of a list that is read whole.
pub fn part<T>(lines: Vec<T>, page: i64) -> Vec<T> {
    let Window { offset, limit } = window(page);
    let size = |number| usize::try_from(number).unwrap_or(0);
    lines.into_iter().skip(size(offset)).take(size(limit)).collect()
}

/// How many lines a list has that is read whole.
pub fn total<T>(lines: &[T]) -> i64 {
    i64::try_from(lines.len()).unwrap_or(i64::MAX)
}

impl Pager {
    /// The pager of a list, with what it was narrowed to.
    ///
    /// # Errors
    /// [`Failure`], when there is no such page: it leads to the last.
    pub fn of(
        page: i64,
        total: i64,
        list: Href,
        narrowed: &[(&str, &str)],
    ) -> Result<Self, Failure> {
        let narrowed = narrowed.iter().filter(|(_, value)| !value.is_empty());
        let list = narrowed.fold(list, |list, (name, value)| list.with(name, value));
        let pages = total.div_euclid(SIZE) + i64::from(total.rem_euclid(SIZE) > 0);
        let pager = Self { page, pages: pages.max(1), total, list };
        if page > pager.pages {
            let last = pager.href(&pager.pages);
            return Err(Failure::from(PastTheEnd).leads(last, "The last page"));
        }
        Ok(pager)
    }

    pub fn href(&self, page: &i64) -> Href {
        self.list.clone().with("page", page)
    }

    /// The page before this one.
    pub fn earlier(&self) -> Option<i64> {
        (self.page > 1).then(|| (self.page - 1).min(self.pages))
    }

    /// The page after this one.
    pub fn later(&self) -> Option<i64> {
        (self.page < self.pages).then(|| self.page + 1)
    }
}

/// A page of a long list: its lines, and where its neighbours are.
#[derive(Debug, Clone)]
pub struct Listing<T> {
    pub lines: Vec<T>,
    pub pager: Pager,
}

impl<T> Listing<T> {
    /// A page of a list that is read whole, with what it was narrowed to.
    ///
    /// # Errors
    /// [`Failure`], when there is no such page: it leads to the last.
    pub fn of(
        all: Vec<T>,
        page: i64,
        list: Href,
        narrowed: &[(&str, &str)],
    ) -> Result<Self, Failure> {
        let pager = Pager::of(page, total(&all), list, narrowed)?;
        Ok(Self { lines: part(all, page), pager })
    }

    /// A page that was read by itself.
    ///
    /// # Errors
    /// [`Failure`], when there is no such page: it leads to the last.
    pub fn found(
        found: Found<T>,
        page: i64,
        list: Href,
        narrowed: &[(&str, &str)],
    ) -> Result<Self, Failure> {
        let pager = Pager::of(page, found.total, list, narrowed)?;
        Ok(Self { lines: found.items, pager })
    }

    /// The same page, each line as it is shown.
    pub fn map<L>(self, shown: impl FnMut(T) -> L) -> Listing<L> {
        Listing { lines: self.lines.into_iter().map(shown).collect(), pager: self.pager }
    }

    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// How many lines there are on all pages: `1 person`, `12 people`.
    pub fn total(&self, one: &str, many: &str) -> String {
        wording::count(usize::try_from(self.pager.total).unwrap_or(0), one, many)
    }
}

impl<'l, T> IntoIterator for &'l Listing<T> {
    type Item = &'l T;
    type IntoIter = std::slice::Iter<'l, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.lines.iter()
    }
}

/// Where in a list a page is that nobody counts, since that would take as long as the list is.
#[derive(Debug, Clone)]
pub struct Turning {
    page: i64,
    has_more: bool,
    list: Href,
}

impl Turning {
    /// The lines to read for a page: one more than it shows, to know whether there is another.
    pub fn window(page: i64) -> Window {
        let Window { offset, limit } = window(page);
        Window { offset, limit: limit + 1 }
    }

    /// The page, and its lines of those that were read.
    ///
    /// # Errors
    /// [`Failure`], when there is no such page: it leads to the first.
    pub fn of<T>(page: i64, mut read: Vec<T>, list: Href) -> Result<(Self, Vec<T>), Failure> {
        if page > 1 && read.is_empty() {
            return Err(Failure::from(PastTheEnd).leads(list, "The first page"));
        }
        let shown = usize::try_from(SIZE).unwrap_or(usize::MAX);
        let has_more = read.len() > shown;
        read.truncate(shown);
        Ok((Self { page, has_more, list }, read))
    }

    /// The page before this one.
    pub fn earlier(&self) -> Option<Href> {
        (self.page > 1).then(|| self.list.clone().with("page", self.page - 1))
    }

    /// The page after this one.
    pub fn later(&self) -> Option<Href> {
        self.has_more.then(|| self.list.clone().with("page", self.page + 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::paths;

    #[test]
    fn a_list_of_a_hundred_and_one_has_three_pages_whatever_it_was_narrowed_to() {
        let pager =
            Pager::of(2, 101, paths::office::accounts(), &[("q", "a&b"), ("role", "")]).unwrap();
        assert_eq!((pager.pages, pager.earlier(), pager.later()), (3, Some(1), Some(3)));
        assert_eq!(pager.href(&3).as_str(), "/office/accounts?q=a%26b&page=3");
        assert!(Pager::of(9, 0, paths::office::letters(), &[]).is_err());
        assert!(asked(Some("-4")).is_err());
        assert_eq!(asked(None), Ok(1));
        assert_eq!(window(3), Window { offset: 100, limit: 50 });
        let lines: Vec<i64> = (0..101).collect();
        assert_eq!(total(&lines), 101);
        assert_eq!(part(lines, 3), [100]);
    }
}
