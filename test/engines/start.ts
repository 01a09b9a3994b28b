import type { Engine, EngineName } from './engine.ts';
import { startPlaywrightEngine } from './playwright.ts';
import { startWebKitEngine } from './webkit.ts';

export function startEngine(name: EngineName): Promise<Engine> {
  return name === 'webkit' ? startWebKitEngine() : startPlaywrightEngine(name);
}
