import { Link } from '@tanstack/react-router'
import { onlyEnvironment } from '../../url/search.ts'
import { Snippet } from '../snippet.tsx'
import { Empty } from './empty.tsx'

interface EmptyListProps {
  readonly words: {
    readonly title: string
    /** What belongs here, and how the first one comes about. */
    readonly text: string
    readonly filteredTitle: string
    readonly filteredText: string
    readonly clear: string
  }
  /** What to paste into a shell for the first one. */
  readonly command: string
  /** Whether a search or a filter hides what there is. */
  readonly isFiltered: boolean
}

/** What stands where a list has no row: how to make the first one, or how to see those that filters hide. */
export function EmptyList({ words, command, isFiltered }: EmptyListProps) {
  if (isFiltered)
    return <NothingFits title={words.filteredTitle} text={words.filteredText} clear={words.clear} />
  return (
    <Empty title={words.title}>
      <p>{words.text}</p>
      <Snippet label={words.title}>{command}</Snippet>
    </Empty>
  )
}

interface NothingFitsProps {
  readonly title: string
  readonly text: string
  readonly clear: string
}

/** What stands where filters hide every row. */
export function NothingFits({ title, text, clear }: NothingFitsProps) {
  return (
    <Empty title={title}>
      <p>{text}</p>
      <Link to="." search={onlyEnvironment}>
        {clear}
      </Link>
    </Empty>
  )
}
