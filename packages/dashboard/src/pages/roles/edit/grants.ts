import type { Grant, Permission } from '../../../data/grants.ts'

/*
 * What a role permits, as the matrix shows it: each permission everywhere, or in some environments; and beside the matrix, those
 * that are limited to a project or a pipeline.
 */

function isLimited({ project, pipeline }: Grant): boolean {
  return project !== undefined || pipeline !== undefined
}

function isSame(one: Grant, other: Grant): boolean {
  return (
    one.permission === other.permission &&
    one.environment === other.environment &&
    one.project === other.project &&
    one.pipeline === other.pipeline
  )
}

/** A permission in one environment, or everywhere. */
export function grantOf(permission: Permission, environment: string | undefined): Grant {
  return environment === undefined ? { permission } : { permission, environment }
}

export function has(grants: readonly Grant[], wanted: Grant): boolean {
  return grants.some((grant) => isSame(grant, wanted))
}

/** Those that are limited to a project or a pipeline. */
export function limitedOf(grants: readonly Grant[]): readonly Grant[] {
  return grants.filter(isLimited)
}

export function without(grants: readonly Grant[], unwanted: Grant): readonly Grant[] {
  return grants.filter((grant) => !isSame(grant, unwanted))
}

/** Adds a grant. One that holds everywhere includes all others of its permission, so it replaces them. */
export function withGrant(grants: readonly Grant[], added: Grant): readonly Grant[] {
  const isEverywhere = added.environment === undefined && !isLimited(added)
  const others = isEverywhere
    ? grants.filter(({ permission }) => permission !== added.permission)
    : without(grants, added)
  return [...others, added]
}

interface Difference {
  readonly added: readonly Grant[]
  readonly removed: readonly Grant[]
}

export function difference(before: readonly Grant[], after: readonly Grant[]): Difference {
  return {
    added: after.filter((grant) => !has(before, grant)),
    removed: before.filter((grant) => !has(after, grant)),
  }
}
