// An organiser's desk: a two-day session is planned, published, written to and called off, with
// JavaScript and without.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import {
  button, confirm, continueTo, fillStepOne, fillStepTwo, launch, link, newPage, signIn, textOf,
} from './browser.mjs';
import { startDemo, until } from './server.mjs';

describe('The organiser’s desk', () => {
  let browser, demo, cookies;

  before(async () => {
    demo = await startDemo();
    browser = await launch();
    const office = await newPage(browser);
    await signIn(office, demo.officeLink());
    cookies = await office.context().cookies();
  });

  after(async () => {
    await browser?.close();
    await demo?.stop();
  });

  const day = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

  for (const javaScriptEnabled of [true, false]) {
    const how = javaScriptEnabled ? 'with JavaScript' : 'without JavaScript';

    test(`plans two days, publishes, writes to who booked, and cancels, ${how}`, async () => {
      const page = await newPage(browser, { javaScriptEnabled });
      await page.context().addCookies(cookies);
      const code = await planned(page);
      await button(page, /^Publish/).click();
      await page.getByText('Published. Everybody can see it and book.').waitFor();
      await bookThree(code);
      await write(page, code);
      await cancel(page, code);
    });
  }

  // From an empty form to a draft of two days; its code, on the page that publishes it.
  async function planned(page) {
    await page.goto(`${demo.baseUrl}/office/new-session`);
    await page.locator('#course').selectOption('two-day');
    await page.locator('#alliance').selectOption({ index: 1 });
    await fillDay(page, 1, 40);
    await button(page, /^Add an empty day$/).click();
    await page.locator('#d2_date').waitFor();
    await fillDay(page, 2, 41);
    await page.locator('[name="where"][value="venue"]').check();
    await page.locator('#venue').fill('The Old Library');
    await page.locator('#per_booking').fill('6');
    await button(page, /^Save as a draft$/).click();
    await page.getByText('Saved as a draft.').waitFor();
    const code = new URL(page.url()).pathname.split('/').pop();
    await link(page, 'Check and publish').click();
    return code;
  }

  async function fillDay(page, number, days) {
    await page.locator(`#d${number}_date`).fill(day(days));
    await page.locator(`#d${number}_start`).fill('09:30');
    await page.locator(`#d${number}_end`).fill('16:30');
  }

  async function bookThree(code) {
    const leader = await newPage(browser);
    await leader.goto(`${demo.baseUrl}/sessions/${code}/register`);
    await fillStepOne(leader);
    await continueTo(leader, 2);
    await fillStepTwo(leader);
    await continueTo(leader, 3);
    await confirm(leader);
    await leader.context().close();
  }

  async function write(page, code) {
    await page.goto(`${demo.baseUrl}/office/sessions/${code}`);
    await link(page, 'Message people').click();
    assert.match(await textOf(page), /Everybody with a place \(3 people\)/);
    await page.locator('#subject').fill('Bring a pen');
    await page.locator('#body').fill('The hall has none.\n\nSee you there.');
    await button(page, /^Check before sending$/).click();
    await page.getByRole('heading', { name: 'Check your message' }).waitFor();
    assert.match(await textOf(page), /2 emails, for 3 people/);
    await button(page, /^Send a test to me only$/).click();
    await page.getByText('Nobody else has it yet.').waitFor();
    await button(page, /^Send 2 emails$/).click();
    await until('both to be sent', 30_000, async () => {
      await page.reload();
      return (await textOf(page)).includes('2 of 2 sent');
    });
  }

  async function cancel(page, code) {
    await page.goto(`${demo.baseUrl}/office/sessions/${code}/cancel`);
    assert.match(await textOf(page), /3 people have booked/);
    await page.locator('#why').fill('The roof leaks.');
    await button(page, /^Cancel session and tell 2 people$/).click();
    await page.getByRole('heading', { name: 'There is a problem' }).waitFor();
    assert.equal(await page.locator('#why').inputValue(), 'The roof leaks.');
    await page.locator('#typed').fill('CANCEL');
    await button(page, /^Cancel session and tell 2 people$/).click();
    await page.getByText('We are telling 2 people.').waitFor();
    await page.goto(`${demo.baseUrl}/sessions/${code}`);
    assert.match(await textOf(page), /cancelled/i);
  }
});
