import type { Git } from './git-process.ts'

/** A version of a file in the index. */
export interface IndexEntry {
  readonly blob: string
  readonly path: Buffer
}

/** Lists the files of the index: what the next commit would contain. A submodule is listed as its folder. */
export async function* indexEntries(git: Git): AsyncGenerator<IndexEntry> {
  for await (const part of git.parts(['ls-files', '-z', '--stage'], 0)) {
    // mode blob stage, a tab, and the path
    const tab = part.indexOf('\t')
    yield {
      blob: part.toString('latin1', 0, tab).split(' ')[1] ?? '',
      path: Buffer.from(part.subarray(tab + 1)),
    }
  }
}

/**
 * Lists the files that are not in the index. A repository inside of this one is listed as its folder, with `/` at the end.
 *
 * @param ignored whether files that `.gitignore` excludes are listed too
 */
export async function* untrackedFiles(git: Git, ignored: boolean): AsyncGenerator<Buffer> {
  const exclude = ignored ? [] : ['--exclude-standard']
  for await (const part of git.parts(['ls-files', '-z', '--others', ...exclude], 0)) yield Buffer.from(part)
}
