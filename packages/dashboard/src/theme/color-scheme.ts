import { localStorageColorSchemeManager } from '@mantine/core'

/** Where the person's choice of light or dark is kept. `public/color-scheme.js` reads it first. */
export const colorSchemeManager = localStorageColorSchemeManager({ key: 'color-scheme' })
