// Two minutes on a phone: what a booking asks of whoever makes it, counted. A tap is a press on a link, a
// button, a radio button, a box or an entry of a list; a field is one that is typed into.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { PHONE, button, launch, link, newPage, textOf } from './browser.mjs';
import { startDemo } from './server.mjs';

const HIGHEST = 2_000;
const SIX = ['Ottoline Quartermain', 'Peregrine Ashdown', 'Zenobia Fairweather', 'Ignatius Lovell',
  'Clementine Okafor', 'Barnaby Thistle'];

for (const javaScriptEnabled of [true, false]) {
  describe(`A booking on a phone, JavaScript ${javaScriptEnabled ? 'on' : 'off'}`, () => {
    let browser, demo, page, taps, fields, heights;

    before(async () => {
      demo = await startDemo();
      browser = await launch();
    });

    after(async () => {
      await browser?.close();
      await demo?.stop();
    });

    async function begin() {
      page = await newPage(browser, { javaScriptEnabled, viewport: PHONE });
      [taps, fields, heights] = [0, 0, []];
    }

    async function tap(locator) {
      taps += 1;
      await locator.click();
    }

    async function type(name, text) {
      fields += 1;
      await page.locator(`[name="${name}"]`).fill(text);
    }

    async function measure(highest = HIGHEST) {
      const size = await page.evaluate(() => [document.documentElement.scrollHeight, document.documentElement.scrollWidth]);
      heights.push(size[0]);
      assert.ok(size[0] <= highest, `${page.url()} is ${size[0]} px high, at most ${highest}`);
      assert.ok(size[1] <= PHONE.width, `${page.url()} scrolls sideways: ${size[1]} px`);
    }

    async function toStepOne() {
      await page.goto(`${demo.baseUrl}/`);
      await tap(link(page, /^Book places/).first());
      if ((await page.locator('[name="places"]').count()) === 0) await tap(link(page, /^Book places/).first());
      await page.locator('[name="places"]').first().waitFor();
      await measure();
    }

    // From the page of a session that has room for six, as a link in a message opens it.
    async function toStepOneOf(code) {
      await page.goto(`${demo.baseUrl}/sessions/${code}`);
      await tap(link(page, /^Book places/).first());
      await page.locator('[name="places"]').first().waitFor();
      await measure();
    }

    async function choose(institution) {
      taps += 2; // The list opens, and an entry is taken.
      await page.locator('select[name="institution"]').selectOption(institution);
    }

    async function booked(t, what, mostTaps, mostFields) {
      await page.getByRole('heading', { name: /You[’']re booked/ }).waitFor();
      // What was booked is to be read, not filled in: it may be longer than a step.
      await measure(3_000);
      t.diagnostic(`${what}: ${taps} taps, ${fields} typed fields, pages of ${heights.join(', ')} px`);
      assert.ok(taps <= mostTaps, `${taps} taps, at most ${mostTaps}`);
      assert.ok(fields <= mostFields, `${fields} typed fields, at most ${mostFields}`);
      await page.context().close();
    }

    test('one person: at most six taps and two typed fields', async (t) => {
      await begin();
      await toStepOne();
      await type('name', SIX[0]);
      await type('email', 'ottoline@example.org');
      await choose('none');
      await tap(button(page, /^Continue$/));
      await page.getByText('Step 2 of 2').waitFor();
      await measure();
      await tap(button(page, /^Book 1 place$/));
      await booked(t, 'one person', 6, 2);
    });

    test('six names, pasted: at most nine taps', async (t) => {
      await begin();
      await toStepOneOf('S002');
      await tap(page.locator('[name="places"][value="6"]'));
      await type('name', SIX[0]);
      await type('email', 'ottoline.q@example.org');
      await choose('none');
      await tap(button(page, /^Continue$/));
      await page.getByText('Step 2 of 3').waitFor();
      await measure();
      await type('names', SIX.slice(1).join('\n'));
      await tap(button(page, /^Continue$/));
      await page.getByText('Step 3 of 3').waitFor();
      for (const name of SIX) assert.ok((await textOf(page)).includes(name), name);
      await measure();
      await tap(page.locator('[name="permission"]'));
      await tap(button(page, /^Book 6 places$/));
      await booked(t, 'six names', 9, 3);
    });

    test('a mobile number is enough, and the page carries the link', async (t) => {
      await begin();
      await toStepOne();
      await type('name', SIX[3]);
      await type('tel', '07700 900117');
      await choose('none');
      await tap(button(page, /^Continue$/));
      await tap(button(page, /^Book 1 place$/));
      await page.getByRole('heading', { name: /You[’']re booked/ }).waitFor();
      assert.match(await textOf(page), /Keep your private link[\s\S]*\/r\/[0-9a-z]+/);
      await booked(t, 'a mobile number', 6, 2);
    });
  });
}
