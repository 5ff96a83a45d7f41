// Every page that anybody may open: for axe, on the narrowest phone, with letters twice as large, where the
// system chooses the colours, and on paper.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { CONTRAST, faultsInEveryLight, faultsOf } from './axe.mjs';
import { DESK, PHONE, launch, newPage } from './browser.mjs';
import { NARROWEST, tooWide } from './reflow.mjs';
import { startDemo } from './server.mjs';

const PATHS = [
  '/', '/?q=power', '/?near=SE15', '/?campaign=living-wage', '/?q=nothing-like-it', '/calendars', '/help', '/privacy',
  '/accessibility', '/api', '/lost-link', '/sign-in', '/no-such-page', '/sessions/S001', '/sessions/S002',
  '/sessions/S016', '/sessions/S017', '/sessions/S001/register', '/alliances/leeds', '/alliances/london-citizens',
  '/courses/two-day', '/courses/academy', '/embed/alliances/leeds', '/embed/alliances/leeds/next',
  '/embed/sessions/S001', '/certificates/0000-0000-0000-0000-0000',
];

const SIZES = [NARROWEST, PHONE, DESK];

describe('Pages for everybody', () => {
  let browser, demo, page;

  before(async () => {
    demo = await startDemo();
    browser = await launch();
    page = await newPage(browser, { reducedMotion: 'reduce' });
  });

  after(async () => {
    await browser?.close();
    await demo?.stop();
  });

  for (const path of PATHS) {
    test(path, async () => {
      await page.goto(demo.baseUrl + path);
      const faults = [...await tooWide(page, SIZES), ...await faultsInEveryLight(page, SIZES), ...await vanished()];
      assert.deepEqual(faults, []);
    });
  }

  // Words that cannot be told from what is behind them when the system chooses the colours.
  async function vanished() {
    await page.emulateMedia({ forcedColors: 'active' });
    await page.setViewportSize(PHONE);
    const pale = await faultsOf(page, CONTRAST);
    const hidden = await page.evaluate(() => {
      const same = [];
      for (const one of document.querySelectorAll('main p, main h1, main h2, main h3, main a, main button, main li')) {
        const { color, backgroundColor } = getComputedStyle(one);
        if (one.textContent.trim() && color === backgroundColor) same.push(one.textContent.trim().slice(0, 40));
      }
      return same;
    });
    await page.emulateMedia({ forcedColors: 'none' });
    return [...hidden.map((words) => `forced colours: "${words}" vanishes`), ...pale.map((fault) => `forced colours: ${fault}`)];
  }

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
