import type { Origin, Place } from '../finds/place.ts'

/** As many characters of the id of an object as git shows people in a large repository. */
const ID_CHARS = 12

/** A place in one line, for people. */
export function placeText(place: Place): string {
  switch (place.kind) {
    case 'file':
      return pointText(place)
    case 'file name':
      return `${place.path}, in its name`
    case 'committed file':
      return `${pointText(place)}, ${originText(place)}`
    case 'committed file name':
      return `${place.path}, in its name, ${originText(place)}`
    case 'staged file':
      return `${pointText(place)}, in the index`
    case 'commit':
      return `${place.repository}, ${commitText(place)}, line ${place.line}`
    case 'tag':
    case 'blob':
    case 'tree':
      return `${place.repository}, ${place.kind} ${place.object.slice(0, ID_CHARS)}, line ${place.line}`
  }
}

function pointText({ path, line, column }: { path: string; line: number; column: number }): string {
  return `${path}:${line}:${column}`
}

function originText(origin: Origin): string {
  const { otherCommits } = origin
  if (otherCommits === 0) return commitText(origin)
  return `${commitText(origin)} and ${otherCommits} other ${otherCommits === 1 ? 'commit' : 'commits'}`
}

function commitText({ commit, authoredAt }: Pick<Origin, 'commit' | 'authoredAt'>): string {
  return `commit ${commit.slice(0, ID_CHARS)} of ${authoredAt}`
}
