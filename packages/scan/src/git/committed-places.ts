import type { ParsedToken } from '@sallyport/core/key-text'
import { type FilePath, shownBelow } from '../files/file-path.ts'
import { type Finds, PLACES_MAX } from '../finds/finds.ts'
import { type FoundToken, TextSearch } from '../search/text-search.ts'
import type { Introduction } from './history.ts'
import type { ObjectHit } from './object-search.ts'

/** A token in the versions of one file, or in its name. */
interface Committed {
  readonly token: ParsedToken
  readonly path: Buffer
  /** Undefined for a token in the name. */
  hit: ObjectHit | undefined
  first: Introduction
  commits: number
}

/** Collects the paths and commits of objects with tokens. A file counts once for a token, with the oldest version that has it. */
export class CommittedPlaces {
  readonly #hitsByBlob: ReadonlyMap<string, readonly ObjectHit[]>
  readonly #searchesNames: boolean
  readonly #places = new Map<string, Committed>()
  readonly #placedBlobs = new Set<string>()
  readonly #namedTokens = new Set<string>()
  readonly #nameTokens: FoundToken[] = []
  readonly #nameSearch = new TextSearch((found) => this.#nameTokens.push(found))

  constructor(hits: readonly ObjectHit[]) {
    this.#hitsByBlob = Map.groupBy(
      hits.filter(({ type }) => type === 'blob'),
      ({ id }) => id,
    )
    this.#searchesNames = hits.some(({ type }) => type === 'tree')
  }

  add(introduction: Introduction): void {
    const { blob, path } = introduction
    for (const hit of this.#hitsByBlob.get(blob) ?? []) {
      this.#placedBlobs.add(blob)
      this.#place(hit.token, hit, introduction)
    }
    if (!this.#searchesNames) return
    this.#nameSearch.search(path, 0, path.length, true)
    for (const { token } of this.#nameTokens.splice(0)) {
      this.#namedTokens.add(token.token)
      this.#place(token, undefined, introduction)
    }
  }

  /** Whether the object of a token has a place: a path for a file, a name for a folder. */
  has({ type, id, token }: ObjectHit): boolean {
    return type === 'blob' ? this.#placedBlobs.has(id) : type === 'tree' && this.#namedTokens.has(token.token)
  }

  /** @param repository what all paths are below */
  report(repository: FilePath, finds: Finds): void {
    for (const { token, path, hit, first, commits } of this.#places.values()) {
      const { commit, authoredAt } = first
      const origin = { commit, authoredAt, otherCommits: commits - 1 }
      const shown = shownBelow(repository.shown, path.toString())
      finds.add(
        token,
        hit === undefined
          ? { kind: 'committed file name', path: shown, ...origin }
          : { kind: 'committed file', path: shown, line: hit.line, column: hit.column, ...origin },
      )
    }
  }

  #place(token: ParsedToken, hit: ObjectHit | undefined, introduction: Introduction): void {
    const key = `${token.token} ${hit === undefined} ${introduction.path.toString('latin1')}`
    const known = this.#places.get(key)
    if (known === undefined) {
      if (this.#places.size === PLACES_MAX) return
      this.#places.set(key, { token, path: introduction.path, hit, first: introduction, commits: 1 })
      return
    }
    // A token that is twice in one version.
    if (known.first.commit === introduction.commit) return
    known.commits += 1
    if (introduction.committedAtSeconds >= known.first.committedAtSeconds) return
    known.first = introduction
    known.hit = hit
  }
}
