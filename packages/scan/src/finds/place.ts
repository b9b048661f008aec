/** A line and a column, both from 1. Columns are Unicode code points. */
interface Point {
  readonly line: number
  readonly column: number
}

/** The first of the commits that made something, and how many more did. */
export interface Origin {
  readonly commit: string
  /** The author date of this commit, RFC 3339. */
  readonly authoredAt: string
  readonly otherCommits: number
}

/** A file on the disk. */
interface FilePlace extends Point {
  readonly kind: 'file'
  readonly path: string
}

interface FileNamePlace {
  readonly kind: 'file name'
  readonly path: string
}

/** A version of a file in commits. */
interface CommittedFilePlace extends Point, Origin {
  readonly kind: 'committed file'
  readonly path: string
}

interface CommittedFileNamePlace extends Origin {
  readonly kind: 'committed file name'
  readonly path: string
}

/** A version of a file that is in the index of a repository but in no commit. */
interface StagedFilePlace extends Point {
  readonly kind: 'staged file'
  readonly path: string
}

/** A commit itself: its message, its author. Lines are those of `git cat-file -p`. */
interface CommitPlace extends Point, Pick<Origin, 'commit' | 'authoredAt'> {
  readonly kind: 'commit'
  readonly repository: string
}

/** An object of git that no commit leads to, or an annotated tag. Lines are those of `git cat-file -p`. */
interface ObjectPlace extends Point {
  readonly kind: 'tag' | 'blob' | 'tree'
  readonly repository: string
  readonly object: string
}

/** Where a token is. Paths are as people read them, with the folder that they gave. */
export type Place =
  | FilePlace
  | FileNamePlace
  | CommittedFilePlace
  | CommittedFileNamePlace
  | StagedFilePlace
  | CommitPlace
  | ObjectPlace
