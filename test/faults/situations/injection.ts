import { once } from '../outcomes.ts';
import type { Theme } from '../situation.ts';

/** Properties of the document that an element by that name takes the place of. */
const properties = ['currentScript', 'cookie', 'hidden', 'prerendering', 'querySelectorAll'];

/** Elements that say of themselves what a tag says, for a stranger. A page shows pictures of others, too. */
function impostors(stranger: string): string {
  const data = `data-partner-key="pk_stranger" data-endpoint="${stranger}" data-track="purchase"`;
  const picture = `src="${stranger}/picture.png"`;
  return (
    properties.map((name) => `<img name="${name}" ${data} ${picture}>`).join('') +
    `<div ${data}></div><a ${data} href="${stranger}/a?partner-key=pk_stranger">a</a><img ${data} ${picture}>` +
    `<template><script ${data}></script></template>`
  );
}

/** An element's id is a global of its window; a form has its fields as properties. */
const form = '<form id="onrampTrack"><input name="q"><input name="run"></form>';

/** Where something stands in the place of document.cookie, localStorage keeps the referral. */
const stored = /^onramp_[^.]+$/;

export const injection: Theme = {
  name: 'HTML that poses as the tag',
  engineDecides: true,
  situations: [
    {
      name: 'images, links and boxes before it have the attributes of a tag and the names of properties',
      page: { put: (tag, stranger) => impostors(stranger) + tag },
      outcome: { ...once, stored },
    },
    {
      name: 'they stand before a tag that is loaded at once',
      page: { put: (tag, stranger) => impostors(stranger) + tag.replace(' async', '') },
      outcome: { ...once, stored },
    },
    {
      name: 'they stand before a tag that is a module',
      page: { put: (tag, stranger) => impostors(stranger) + tag.replace(' async', ' type="module"') },
      outcome: { ...once, stored },
    },
    {
      name: 'they stand behind the tag',
      page: { put: (tag, stranger) => tag + impostors(stranger) },
      outcome: { ...once, stored },
    },
    {
      name: 'a form called onrampTrack stands in the page, which has no stub',
      page: { stub: '', put: (tag) => form + tag },
    },
    {
      name: 'a picture called referrer stands before it',
      page: { put: (tag) => `<img name="referrer">${tag}` },
    },
    {
      name: 'a form called onrampTrack with a field called call stands in the page, which has no stub',
      page: { stub: '', put: (tag) => form.replace('</form>', '<input name="call"></form>') + tag },
    },
    {
      name: 'a form called onrampTrack stands before the stub',
      page: { put: (tag) => tag, stub: form },
    },
  ],
};
