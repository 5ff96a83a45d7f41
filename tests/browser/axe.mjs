// What axe-core finds on a page as it stands.

import axe from 'axe-core';

// Whether letters can be told from what is behind them: all that another choice of colours changes.
export const CONTRAST = { runOnly: ['color-contrast'] };

// Each rule that is broken, where, and how to mend it. Scripts are given to a page by the browser itself, past the
// content security policy, which stays in force; and once, for giving takes longer than most pages do.
export async function faultsOf(page, options = {}) {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source);
  const { violations } = await page.evaluate((chosen) => window.axe.run(document, chosen), { resultTypes: ['violations'], ...options });
  return violations.map(({ id, help, nodes }) => `${id}: ${help} (${nodes.map(({ html, target }) => `${target} ${html}`).join(', ')})`);
}

// The same at each size, in light and in dark.
export async function faultsInEveryLight(page, sizes) {
  const faults = [];
  for (const size of sizes) {
    await page.setViewportSize(size);
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      const found = await faultsOf(page, colorScheme === 'dark' ? CONTRAST : {});
      faults.push(...found.map((fault) => `${size.width} wide, ${colorScheme}: ${fault}`));
    }
  }
  await page.emulateMedia({ colorScheme: 'light' });
  return faults;
}
