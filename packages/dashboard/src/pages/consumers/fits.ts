import type { Consumer } from '@sallyport/sdk'
import type { ConsumersSearch } from './search.ts'

/** Whether the list shows a consumer. The server has no search for consumers, so the page does it. */
export function fits(
  { id, name, status }: Pick<Consumer, 'id' | 'name' | 'status'>,
  { search, status: wanted }: Pick<ConsumersSearch, 'search' | 'status'>,
): boolean {
  if (wanted !== undefined && status !== wanted) return false
  if (search === undefined) return true
  const text = search.toLowerCase()
  return name.toLowerCase().includes(text) || id.toLowerCase().includes(text)
}
