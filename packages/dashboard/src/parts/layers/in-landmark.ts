/**
 * Keeps the list of a choice in the landmark of its field, as the menus are. Dialogs do without: their content scrolls, and
 * would cut the list off.
 */
export const IN_LANDMARK = { withinPortal: false } as const
