import { placeText } from './place-text.ts'
import { printable } from './printable.ts'
import type { Report, ReportedFind } from './report.ts'

/**
 * The report for people.
 *
 * @param seconds how long the scan took
 */
export function textReport(report: Report, seconds: number): string {
  return [...report.finds.flatMap(findLines), summary(report, seconds)].map((line) => `${line}\n`).join('')
}

function findLines({ type, keyId, hint, liveness, places }: ReportedFind): string[] {
  const state = liveness === undefined ? '' : `, ${liveness}`
  const level = type === 'secret' ? 'leak: secret' : 'note: public'
  return [
    `${level} key ${keyId}${state}: ${hint}`,
    ...places.map((place) => `  ${printable(placeText(place))}`),
  ]
}

function summary({ finds, unlistedPlaces, files, objects, bytes }: Report, seconds: number): string {
  const secrets = finds.filter(({ type }) => type === 'secret').length
  const publics = finds.length - secrets
  const found = [
    counted(secrets, 'token of a secret key', 'tokens of secret keys'),
    ...(publics === 0 ? [] : [counted(publics, 'token of a public key', 'tokens of public keys')]),
    ...(unlistedPlaces === 0 ? [] : [counted(unlistedPlaces, 'more place', 'more places')]),
  ].join(', ')
  const read = [
    counted(files, 'file', 'files'),
    ...(objects === 0 ? [] : [counted(objects, 'git object', 'git objects')]),
    `${(bytes / 1e6).toFixed(1)} MB`,
  ].join(', ')
  return `${found} in ${read} (${seconds.toFixed(1)} s).`
}

function counted(count: number, one: string, many: string): string {
  return `${count === 0 ? 'no' : count.toLocaleString('en')} ${count === 1 ? one : many}`
}
