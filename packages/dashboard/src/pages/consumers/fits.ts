import type { Consumer } from '@sallyport/sdk'
import type { ConsumersSearch } from './search.ts'

/** Whether the list shows a consumer. The server has no search for consumers, so the page does it. */
export function fits(
  { id, name, title, status }: Pick<Consumer, 'id' | 'name' | 'title' | 'status'>,
  { search, status: wanted }: Pick<ConsumersSearch, 'search' | 'status'>,
): boolean {
  if (wanted !== undefined && status !== wanted) return false
  if (search === undefined) return true
  const text = search.toLowerCase()
  return [name, title ?? '', id].some((each) => each.toLowerCase().includes(text))
}
