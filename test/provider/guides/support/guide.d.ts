export interface Guide {
  /** The files by their paths. */
  files: ReadonlyMap<string, string>;
  /** The commands to type, line by line. */
  commands: readonly string[];
  /** The rows that the guide promises, by the names of their fields; what it leaves empty is undefined. */
  promised: readonly PromisedRow[];
}
export type PromisedRow = Record<string, string | undefined> & {
  event: string;
};
/** The code of a guide, as it stands in that page of docs/. */
export declare function readGuide(page: string): Promise<Guide>;
/** Writes the guide's files into a folder, each as it stands or with one text in it replaced by another. */
export declare function writeGuide(
  { files }: Pick<Guide, 'files'>,
  folder: string,
  [text, replacement]?: [text: string, replacement: string],
): Promise<void>;
