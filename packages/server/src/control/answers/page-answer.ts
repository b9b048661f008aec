import type { Page } from '../../store/port/paging.ts'

/** A page of rows as a list in an answer. */
export function pageAnswer<Row, Item>(
  page: Page<Row>,
  itemOf: (row: Row) => Item,
): { items: Item[]; next: string | null } {
  return { items: page.items.map(itemOf), next: page.next }
}
