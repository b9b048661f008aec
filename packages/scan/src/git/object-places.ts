import { type FilePath, shownBelow } from '../files/file-path.ts'
import type { Finds } from '../finds/finds.ts'
import type { Place } from '../finds/place.ts'
import { CommittedPlaces } from './committed-places.ts'
import { type Git, GitFailure } from './git-process.ts'
import { authorDates, introductions } from './history.ts'
import type { ObjectHit } from './object-search.ts'
import { indexEntries } from './working-tree.ts'

/**
 * Finds out what people call the objects in which tokens are: a file and the commit that first had it, a commit, a file of
 * the index. Objects without such a name are reported by their ids.
 *
 * @returns the failures of git. Each token is reported in spite of them, with the places that could be found
 */
export async function addObjectPlaces(
  git: Git,
  hits: readonly ObjectHit[],
  finds: Finds,
): Promise<GitFailure[]> {
  if (hits.length === 0) return []
  const failures: GitFailure[] = []
  const attempt = async <T>(read: () => Promise<T>, otherwise: T): Promise<T> => {
    try {
      return await read()
    } catch (error) {
      if (!(error instanceof GitFailure)) throw error
      failures.push(error)
      return otherwise
    }
  }
  const committed = new CommittedPlaces(hits)
  await attempt(async () => {
    for await (const introduction of introductions(git)) committed.add(introduction)
  }, undefined)
  committed.report(git.folder, finds)
  const others = hits.filter((hit) => !committed.has(hit))
  const staged = await attempt(() => stagedPaths(git, others), new Map())
  const commits = others.filter(({ type }) => type === 'commit').map(({ id }) => id)
  const dates = await attempt(() => authorDates(git, commits), new Map())
  for (const hit of others) finds.add(hit.token, placeOf(git.folder, hit, staged, dates))
  return failures
}

/** The paths in the index of the blobs among these objects. */
async function stagedPaths(git: Git, hits: readonly ObjectHit[]): Promise<Map<string, Buffer>> {
  const blobs = new Set(hits.filter(({ type }) => type === 'blob').map(({ id }) => id))
  const paths = new Map<string, Buffer>()
  if (blobs.size === 0) return paths
  for await (const { blob, path } of indexEntries(git)) if (blobs.has(blob)) paths.set(blob, path)
  return paths
}

function placeOf(
  repository: FilePath,
  { id, type, line, column }: ObjectHit,
  staged: ReadonlyMap<string, Buffer>,
  dates: ReadonlyMap<string, string>,
): Place {
  if (type === 'commit') {
    return {
      kind: 'commit',
      repository: repository.shown,
      commit: id,
      authoredAt: dates.get(id) ?? '',
      line,
      column,
    }
  }
  const path = staged.get(id)
  if (path !== undefined) {
    return { kind: 'staged file', path: shownBelow(repository.shown, path.toString()), line, column }
  }
  return { kind: type, repository: repository.shown, object: id, line, column }
}
