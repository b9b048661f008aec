import type { FilePath } from '../files/file-path.ts'
import { shownBelow } from '../files/file-path.ts'
import type { Finds } from '../finds/finds.ts'
import type { Place } from '../finds/place.ts'
import { CommittedPlaces } from './committed-places.ts'
import type { Git } from './git-process.ts'
import { authorDates, introductions } from './history.ts'
import type { ObjectHit } from './object-search.ts'
import { indexEntries } from './working-tree.ts'

/**
 * Finds out what people call the objects in which tokens are: a file and the commit that first had it, a commit, a file of
 * the index. Objects without such a name are reported by their ids.
 *
 * @throws GitFailure if git cannot read an object
 */
export async function addObjectPlaces(git: Git, hits: readonly ObjectHit[], finds: Finds): Promise<void> {
  if (hits.length === 0) return
  const committed = new CommittedPlaces(hits)
  for await (const introduction of introductions(git)) committed.add(introduction)
  committed.report(git.folder, finds)
  const others = hits.filter((hit) => !committed.has(hit))
  const staged = await stagedPaths(git, others)
  const dates = await authorDates(
    git,
    others.filter(({ type }) => type === 'commit').map(({ id }) => id),
  )
  for (const hit of others) finds.add(hit.token, placeOf(git.folder, hit, staged, dates))
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
