// Whether a page fits its window: nothing on it makes anybody scroll sideways.

import assert from 'node:assert/strict';

export const NARROWEST = { width: 320, height: 640 };

// What is wider than the window, if anything is.
async function sideways(page) {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return scrollWidth > clientWidth ? [`${clientWidth} wide: scrolls to ${scrollWidth}`] : [];
  });
}

// At each size, with letters as they are, and for a reader who has set her browser's to twice their size.
export async function tooWide(page, sizes) {
  const faults = [];
  const atEach = async (words) => {
    for (const size of sizes) {
      await page.setViewportSize(size);
      faults.push(...(await sideways(page)).map((fault) => words + fault));
    }
  };
  await atEach('');
  const session = await page.context().newCDPSession(page);
  const letters = (standard, fixed) => session.send('Page.setFontSizes', { fontSizes: { standard, fixed } });
  await session.send('Page.enable');
  await letters(32, 26);
  const size = await page.evaluate(() => parseFloat(getComputedStyle(document.documentElement).fontSize));
  assert.ok(size >= 32, `letters are ${size}px`);
  await atEach('letters twice as large, ');
  await letters(16, 13);
  await session.detach();
  return faults;
}
