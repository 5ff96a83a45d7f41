// Somebody is nominated, asked by name, books by her own link and is seen as booked; and a session that no list shows is
// booked by its address.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { DESK, PHONE, button, fillAlone, launch, link, linkInLetter, newPage, signIn, textOf } from './browser.mjs';
import { startDemo } from './server.mjs';

const ADA = { name: 'Adaeze Quartermain', email: 'adaeze.quartermain@example.org' };
const BEN = { name: 'Benedict Ashdown', email: 'benedict.ashdown@example.org' };

for (const javaScriptEnabled of [false, true]) {
  describe(`Nominated and asked, JavaScript ${javaScriptEnabled ? 'on' : 'off'}`, () => {
    let browser, demo, office, phone;

    before(async () => {
      demo = await startDemo();
      browser = await launch();
      office = await newPage(browser, { javaScriptEnabled, viewport: DESK });
      phone = await newPage(browser, { javaScriptEnabled, viewport: PHONE });
      await signIn(office, demo.officeLink());
    });

    after(async () => {
      await browser?.close();
      await demo?.stop();
    });

    test('an organiser nominates her for a session that is there for nobody else', async () => {
      await phone.goto(`${demo.baseUrl}/sessions/N001`);
      assert.match(await textOf(phone), /We cannot find that page/);
      await office.goto(`${demo.baseUrl}/office/sessions/N001`);
      await link(office, /^Nominated for it$/).click();
      assert.match(await textOf(office), /3 nominations/);
      await link(office, /^Nominate somebody$/).click();
      await office.locator('[name="name"]').fill(ADA.name);
      await office.locator('[name="email"]').fill(ADA.email);
      await office.locator('[name="reason"]').fill('She asks the right questions.');
      await button(office, /^Nominate$/).click();
      assert.match(await textOf(office), /Nominated\. Next: a one-to-one/);
    });

    test('the one-to-one is written down, and she is asked', async () => {
      await office.locator('[name="before_words"]').fill('She will bring Ben.');
      await button(office, /^It was had$/).first().click();
      assert.match(await textOf(office), /Had on/);
      await button(office, /^Ask them$/).click();
      assert.match(await textOf(office), /Asked\. Their letter is on its way/);
    });

    test('she books by her own link, on a phone', async () => {
      const invited = await linkInLetter(phone, demo.baseUrl, ADA.email, 'Will you come?', '/invited');
      await phone.goto(invited);
      assert.match(await textOf(phone), /Will you come\?/);
      await button(phone, /^Yes, book my place$/).click();
      assert.match(await textOf(phone), /You’re booked/);
      await phone.goto(invited);
      assert.match(await textOf(phone), /You have a place/);
    });

    test('the office sees it', async () => {
      await office.goto(`${demo.baseUrl}/office/sessions/N001/invited`);
      const row = office.locator('tbody tr').filter({ hasText: ADA.name });
      assert.match(await row.innerText(), /Booked/);
    });

    test('what no list shows is booked by its address', async () => {
      await phone.goto(`${demo.baseUrl}/?q=one-to-ones`);
      assert.equal(await phone.locator('a[href="/sessions/U001"]').count(), 0);
      await phone.goto(`${demo.baseUrl}/sessions/U001`);
      await link(phone, /^Book places$/).first().click();
      await fillAlone(phone, BEN, 1);
      await button(phone, /^Continue$/).click();
      await button(phone, /^Book 1 place$|^Book my place$/).click();
      assert.match(await textOf(phone), /You’re booked/);
    });
  });
}
