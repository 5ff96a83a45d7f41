// Every page that anybody may open: for axe, on the narrowest phone, with letters twice as large, where the
// system chooses the colours, and on paper.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import axe from 'axe-core';

import { DESK, launch, newPage } from './browser.mjs';
import { startDemo } from './server.mjs';

const PATHS = [
  '/', '/?q=power', '/?near=SE15', '/?campaign=living-wage', '/?q=nothing-like-it', '/calendars', '/help', '/privacy',
  '/accessibility', '/api', '/lost-link', '/sign-in', '/no-such-page', '/sessions/S001', '/sessions/S002',
  '/sessions/S016', '/sessions/S017', '/sessions/S001/register', '/alliances/leeds', '/alliances/london-citizens',
  '/courses/two-day', '/courses/academy', '/embed/alliances/leeds', '/embed/alliances/leeds/next',
  '/embed/sessions/S001', '/certificates/0000-0000-0000-0000-0000',
];

describe('Pages for everybody', () => {
  let browser, demo, page;

  before(async () => {
    demo = await startDemo();
    browser = await launch();
    page = await newPage(browser, { reducedMotion: 'reduce' });
    await page.addInitScript({ content: axe.source });
  });

  after(async () => {
    await browser?.close();
    await demo?.stop();
  });

  // What is wider than the window, if anything is.
  const sideways = () => page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return scrollWidth > clientWidth ? `${scrollWidth} of ${clientWidth}` : '';
  });

  for (const path of PATHS) {
    test(path, async () => {
      const faults = [];
      for (const colorScheme of ['light', 'dark']) {
        await page.emulateMedia({ colorScheme });
        for (const viewport of [{ width: 320, height: 640 }, { width: 390, height: 844 }, DESK]) {
          await page.setViewportSize(viewport);
          await page.goto(demo.baseUrl + path);
          const wide = await sideways();
          if (wide) faults.push(`${viewport.width} wide: scrolls to ${wide}`);
          const { violations } = await page.evaluate(() => window.axe.run({ resultTypes: ['violations'] }));
          for (const { id, nodes } of violations) {
            faults.push(`${colorScheme}, ${viewport.width}: ${id} at ${nodes[0].target}`);
          }
        }
      }
      await page.emulateMedia({ colorScheme: 'light' });
      for (const width of [320, 390, 1280]) {
        await page.setViewportSize({ width, height: 844 });
        await page.goto(demo.baseUrl + path);
        await larger();
        const wide = await sideways();
        if (wide) faults.push(`letters twice as large, ${width} wide: scrolls to ${wide}`);
      }
      faults.push(...await vanished());
      assert.deepEqual(faults, []);
    });
  }

  // What a reader does who sets her browser's letters to twice their size.
  async function larger() {
    const session = await page.context().newCDPSession(page);
    await session.send('Page.enable');
    await session.send('Page.setFontSizes', { fontSizes: { standard: 32, fixed: 26 } });
    await page.reload();
    const size = await page.evaluate(() => parseFloat(getComputedStyle(document.documentElement).fontSize));
    assert.ok(size >= 32, `letters are ${size}px`);
    await session.send('Page.setFontSizes', { fontSizes: { standard: 16, fixed: 13 } });
    await session.detach();
  }

  // Words that cannot be told from what is behind them when the system chooses the colours.
  async function vanished() {
    await page.emulateMedia({ forcedColors: 'active' });
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(demo.baseUrl + path());
    const { violations } = await page.evaluate(() => window.axe.run({ runOnly: ['color-contrast'] }));
    const hidden = await page.evaluate(() => {
      const same = [];
      for (const one of document.querySelectorAll('main p, main h1, main h2, main h3, main a, main button, main li')) {
        const { color, backgroundColor } = getComputedStyle(one);
        if (one.textContent.trim() && color === backgroundColor) same.push(one.textContent.trim().slice(0, 40));
      }
      return same;
    });
    await page.emulateMedia({ forcedColors: 'none' });
    const pale = violations.flatMap(({ nodes }) => nodes.map(({ target }) => `forced colours: pale at ${target}`));
    return [...hidden.map((words) => `forced colours: "${words}" vanishes`), ...pale];
  }

  const path = () => page.url().replace(demo.baseUrl, '');

  test('the first result of a search stands on the first screen of a phone', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    for (const search of ['/?q=power', '/?alliance=leeds', '/?campaign=living-wage', '/?near=LS11']) {
      await page.goto(demo.baseUrl + search);
      const first = page.locator('main a[href^="/sessions/"]').first();
      const { y, height } = await first.boundingBox();
      assert.ok(y + height <= 844, `${search}: it ends at ${Math.round(y + height)}`);
    }
  });

  test('a session can be booked from the first screen of a phone', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(`${demo.baseUrl}/sessions/S001`);
    const { y, height } = await page.locator('main a.btn--big').first().boundingBox();
    assert.ok(y + height <= 900, `it ends at ${Math.round(y + height)}`);
  });

  // A page on paper: its words, and nothing to press.
  async function onPaper(address) {
    await page.goto(address);
    await page.emulateMedia({ media: 'print' });
    for (const gone of ['.site-head', '.site-foot', 'main .btn', '.skip', 'main .act', 'main details:not([open])']) {
      for (const one of await page.locator(gone).all()) assert.equal(await one.isVisible(), false, gone);
    }
    assert.ok(await page.getByRole('heading', { level: 1 }).isVisible());
    await page.emulateMedia({ media: 'screen' });
  }

  test('a session and a booking on paper have no navigation and no buttons', async () => {
    await onPaper(`${demo.baseUrl}/sessions/S001`);
    await page.goto(`${demo.baseUrl}/mailbox?q=booked`);
    const letters = await page.locator('main tbody a').evaluateAll((all) => all.map(({ href }) => href));
    for (const letter of letters) {
      await page.goto(letter);
      const text = await page.locator('main').innerText();
      const booking = text.match(new RegExp(`${demo.baseUrl}/r/[0-9a-z]+`));
      if (booking) return onPaper(booking[0]);
    }
    assert.fail('no letter leads to a booking');
  });
});
