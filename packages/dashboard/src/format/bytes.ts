const number = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 1 })
const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const
const STEP = 1024

/** A size, such as 512 B or 1.5 MiB. */
export function bytes(size: number): string {
  const exponent = size < STEP ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log2(size) / Math.log2(STEP)))
  return `${number.format(size / STEP ** exponent)} ${UNITS[exponent]}`
}
