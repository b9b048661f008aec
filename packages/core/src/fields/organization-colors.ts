/** The colours that an organization can have. Pages choose the shades of each, so that both colour schemes are legible. */
export const ORGANIZATION_COLORS = ['blue', 'violet', 'pink', 'red', 'orange', 'green', 'teal'] as const
export type OrganizationColor = (typeof ORGANIZATION_COLORS)[number]
