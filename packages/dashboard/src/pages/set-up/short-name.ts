/** The most characters of a short name. */
const LENGTH_MAX = 39

/** A short name for an organization: "Nordlicht Energie GmbH" is `nordlicht-energie-gmbh`. Empty if nothing of the name fits. */
export function shortName(name: string): string {
  return name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, LENGTH_MAX)
    .replace(/-+$/, '')
}
