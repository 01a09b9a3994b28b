/** What a site keeps in the visitor's browser for purposes of its own. */
export interface Burden {
  id: string;
  /** As tables call it. */
  title: string;
  /** Runs in a page of the site, before the page that is measured is opened. */
  fill: () => void;
}

export const burdens: Burden[] = [
  { id: 'nothing', title: 'nothing of the site’s own', fill: () => {} },
  {
    id: 'keys',
    title: '2,000 keys in localStorage',
    fill: () => {
      for (let index = 0; index < 2_000; index++) localStorage.setItem(`shop.${index}`, `value ${index}`);
    },
  },
  {
    id: 'megabytes',
    title: '5 MB in localStorage',
    fill: () => {
      // As the browser counts, two bytes for each letter.
      for (let index = 0; index < 100; index++) localStorage.setItem(`shop.${index}`, 'x'.repeat(25_000));
    },
  },
  {
    id: 'cookies',
    title: '50 cookies',
    fill: () => {
      // biome-ignore lint/suspicious/noDocumentCookie: as sites set them
      for (let index = 0; index < 50; index++) document.cookie = `shop_${index}=${'x'.repeat(40)};path=/`;
    },
  },
  {
    id: 'full',
    title: 'localStorage full',
    fill: () => {
      let index = 0;
      for (let length = 1_048_576; length >= 1; ) {
        try {
          localStorage.setItem(`shop.${index}`, 'x'.repeat(length));
          index++;
        } catch {
          length = length >> 1;
        }
      }
    },
  },
];
