import type { Engine, EngineName, Needs } from './engine.ts';
import { startPlaywrightEngine } from './playwright.ts';
import { startWebKitEngine } from './webkit.ts';

export function startEngine(name: EngineName, needs: Needs): Promise<Engine> {
  return name === 'webkit' ? startWebKitEngine() : startPlaywrightEngine(name, needs);
}
