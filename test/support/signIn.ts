import type { Page } from '@playwright/test';
import { makeOperatorLink } from '../../src/marketplace/signin/links.ts';
import { openDatabase } from '../../src/marketplace/store/open.ts';
import type { Provider, Service } from './service.ts';

/** Signs in at the provider's page by its secret. */
export async function signInAsProvider(
  page: Page,
  { baseUrl }: Pick<Service, 'baseUrl'>,
  { secret }: Pick<Provider, 'secret'>,
): Promise<void> {
  await page.goto(`${baseUrl}/provider/sign-in`);
  await page.fill('input[name=secret]', secret);
  await page.click('main button');
  await page.waitForURL(`${baseUrl}/provider`);
}

let operators = 0;

/** Signs in to the console by a link, as an operator who is made for it; resolves to their name. */
export async function signInAsOperator(page: Page, { baseUrl, database }: Service): Promise<string> {
  const name = `operator ${process.pid} ${++operators}`;
  const store = await openDatabase(database);
  const id = await store.addOperator({ name, createdAt: Date.now() });
  const path = await makeOperatorLink(store, { id }, Date.now());
  await store.close();
  await page.goto(`${baseUrl}/${path}`);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(`${baseUrl}/console`);
  return name;
}
