/**
 * Samples all of them in each round, another one first each time, so that what else the machine does hits all alike.
 */
export async function inTurns<One, Sample>(
  all: One[],
  rounds: number,
  sample: (one: One) => Promise<Sample>,
  endRound: (round: number) => unknown = () => {},
): Promise<Map<One, Sample[]>> {
  const samples = new Map(all.map((one) => [one, [] as Sample[]]));
  for (let round = 0; round < rounds; round++) {
    const first = round % all.length;
    for (const one of [...all.slice(first), ...all.slice(0, first)])
      samples.get(one)?.push(await sample(one));
    await endRound(round);
  }
  return samples;
}
