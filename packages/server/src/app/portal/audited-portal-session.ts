import type { PortalSessionRow } from '../../store/port/portal/portal-sessions.ts'

/** A portal session in the audit log: everything except the digests of its secrets. */
export function auditedPortalSession(row: PortalSessionRow): Record<string, unknown> {
  const { linkDigest: _link, tokenDigest: _token, ...facts } = row
  return facts
}

/** The target of an audit record about a portal session. */
export function portalSessionTarget({ id }: Pick<PortalSessionRow, 'id'>): string {
  return `portal-session/${id}`
}
