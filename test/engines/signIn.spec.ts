import { expect } from '@playwright/test';
import { makeOperatorLink } from '../../src/marketplace/signin/links.ts';
import { openDatabase } from '../../src/marketplace/store/open.ts';
import { test } from '../faults/fixtures.ts';

/** Which page stands in the tab, or nothing while there is none. */
function headingInPage(): string | null {
  return document.querySelector('h1')?.textContent ?? null;
}

function pressInPage(selector: string): void {
  const element = document.querySelector(selector);
  if (element instanceof HTMLElement) element.click();
}

const title = 'an operator signs in by a link, and a link from another site opens the page that it names';
test(title, { tag: '@engine' }, async ({ openScene }) => {
  const { tabs, service, site } = await openScene();
  const store = await openDatabase(service.database);
  const name = `operator of ${site.origin}`;
  const id = await store.addOperator({ name, createdAt: Date.now() });
  const path = await makeOperatorLink(store, { id }, Date.now());
  await store.close();
  const tab = await tabs.open();
  // While a page gives way to itself, nothing can be run in it.
  const heading = () => tab.run(headingInPage).catch(() => null);
  const expectPage = async (path: string, name: string) => {
    await expect.poll(tab.address).toBe(`${service.baseUrl}/${path}`);
    await expect.poll(heading).toBe(name);
  };

  await tab.goto(`${service.baseUrl}/${path}`);
  await tab.run(pressInPage, 'main button');
  await expectPage('console', 'Overview');

  await tab.goto(site.page('/mail', `<a href="${service.baseUrl}/console/audit?a=b">The audit trail</a>`));
  await tab.run(pressInPage, 'a');
  await expectPage('console/audit?a=b', 'Audit trail');

  await tab.run(pressInPage, '.reader button');
  await expectPage('console/sign-in', 'Sign in to the console');
});
