/** What readers who watch are told: that something has changed, and nothing of it. */
export interface Live {
  /**
   * Calls `onChange` whenever something has changed, until it is ended. Undefined where too many watch.
   *
   * @returns what ends it
   */
  watch(watcher: Watcher): (() => void) | undefined;
  /** Ends all of them. */
  close(): void;
}

export interface Watcher {
  onChange(): void;
  /** Called when the service ends. */
  onEnd(): void;
}

export interface LiveParts {
  /** A text that is another one when something has changed. */
  readPulse(): Promise<string>;
  /** How often it is read while somebody watches, in milliseconds; once for all who do. */
  everyMs: number;
  maxWatchers: number;
}

/** Looks at the database, since other instances write to it as well; not at all while nobody watches. */
export function createLive({ readPulse, everyMs, maxWatchers }: LiveParts): Live {
  const watchers = new Set<Watcher>();
  let timer: NodeJS.Timeout | undefined;
  let pulse: string | undefined;
  let isReading = false;

  async function look(): Promise<void> {
    // A database that is slow is not asked twice.
    if (isReading) return;
    isReading = true;
    // Where it can't be read just now, there is nothing to tell.
    const read = await readPulse().catch(() => undefined);
    isReading = false;
    if (read === undefined || read === pulse) return;
    const isFirst = pulse === undefined;
    pulse = read;
    if (!isFirst) for (const { onChange } of watchers) onChange();
  }

  function start(): void {
    void look();
    timer = setInterval(() => void look(), everyMs).unref();
  }

  function stop(): void {
    clearInterval(timer);
    timer = undefined;
    pulse = undefined;
  }

  return {
    watch(watcher) {
      if (watchers.size >= maxWatchers) return undefined;
      watchers.add(watcher);
      if (!timer) start();
      return () => {
        watchers.delete(watcher);
        if (watchers.size === 0) stop();
      };
    },

    close() {
      for (const { onEnd } of watchers) onEnd();
      watchers.clear();
      stop();
    },
  };
}
