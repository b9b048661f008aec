/** A line of one text or of both. */
export interface DiffLine {
  readonly change: 'same' | 'removed' | 'added'
  readonly text: string
  /** Its number in the text before, and in the text after; null if it is not there. */
  readonly before: number | null
  readonly after: number | null
}

type Line = Pick<DiffLine, 'change' | 'text'>

/** The most lines of a text that is compared line by line; a spec has fewer. */
const LINES_MAX = 2_000

/**
 * What changed from one text to another, line by line: the longest common lines stay. Of texts that are too long for it, all
 * lines that differ between their common beginning and end count as changed.
 */
export function lineDiff(before: string, after: string): DiffLine[] {
  const old = linesOf(before)
  const fresh = linesOf(after)
  let start = 0
  while (start < old.length && start < fresh.length && old[start] === fresh[start]) start += 1
  let end = 0
  while (
    end < old.length - start &&
    end < fresh.length - start &&
    old[old.length - 1 - end] === fresh[fresh.length - 1 - end]
  ) {
    end += 1
  }
  return numbered([
    ...old.slice(0, start).map((text) => line('same', text)),
    ...middle(old.slice(start, old.length - end), fresh.slice(start, fresh.length - end)),
    ...old.slice(old.length - end).map((text) => line('same', text)),
  ])
}

function numbered(lines: readonly Line[]): DiffLine[] {
  let [before, after] = [0, 0]
  return lines.map((each) => {
    if (each.change !== 'added') before += 1
    if (each.change !== 'removed') after += 1
    return {
      ...each,
      before: each.change === 'added' ? null : before,
      after: each.change === 'removed' ? null : after,
    }
  })
}

function linesOf(text: string): string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n')
}

function middle(old: readonly string[], fresh: readonly string[]): Line[] {
  if (old.length > LINES_MAX || fresh.length > LINES_MAX) {
    return [...old.map((text) => line('removed', text)), ...fresh.map((text) => line('added', text))]
  }
  const width = fresh.length + 1
  // common[i * width + j] is how many lines old[i…] and fresh[j…] have in common.
  const common = new Uint16Array((old.length + 1) * width)
  const at = (i: number, j: number): number => common[i * width + j] ?? 0
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = fresh.length - 1; j >= 0; j -= 1) {
      common[i * width + j] =
        old[i] === fresh[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
    }
  }
  const lines: Line[] = []
  let i = 0
  let j = 0
  while (i < old.length || j < fresh.length) {
    if (i < old.length && j < fresh.length && old[i] === fresh[j]) {
      lines.push(line('same', old[i] ?? ''))
      i += 1
      j += 1
    } else if (i < old.length && (j === fresh.length || at(i + 1, j) >= at(i, j + 1))) {
      lines.push(line('removed', old[i] ?? ''))
      i += 1
    } else {
      lines.push(line('added', fresh[j] ?? ''))
      j += 1
    }
  }
  return lines
}

function line(change: DiffLine['change'], text: string): Line {
  return { change, text }
}
