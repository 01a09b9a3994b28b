import type { Command } from 'commander';
import { addRejectionsList } from './rejectionsList.ts';
import { addRejectionsReplay } from './rejectionsReplay.ts';

/** `rejections list | replay` */
export function addRejectionCommands(program: Command): void {
  const rejections = program
    .command('rejections')
    .description('what was refused in the last 30 days, and why');
  addRejectionsList(rejections);
  addRejectionsReplay(rejections);
}
