/** The scripts that were ever served, by their version. */
export interface ScriptStore {
  /** Does nothing when the version is there already. */
  keepScript(version: string, source: Uint8Array): Promise<void>;
  findScript(version: string): Promise<Buffer | undefined>;
}
