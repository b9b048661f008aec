/** A new deployment, without what its probe found. */
export const DEPLOYMENT = {
  columns: ['id', 'pipeline', 'version', 'environment', 'url', 'replaced', 'warnings', 'createdAt'],
  id: 'id',
  isBrief: true,
} as const
