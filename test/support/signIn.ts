import type { Page } from '@playwright/test';
import type { Provider, Service } from './service.ts';

/** Signs in at the provider's page by its secret. */
export async function signInAsProvider(
  page: Page,
  { baseUrl }: Service,
  { secret }: Provider,
): Promise<void> {
  await page.goto(`${baseUrl}/provider/sign-in`);
  await page.fill('input[name=secret]', secret);
  await page.click('main button');
  await page.waitForURL(`${baseUrl}/provider`);
}
