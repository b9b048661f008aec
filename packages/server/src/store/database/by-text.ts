/** Compares texts as the databases order names, which have ASCII characters alone: for a sort by ascending code units. */
export function byText(one: string, other: string): number {
  if (one === other) return 0
  return one < other ? -1 : 1
}
