import { MantineProvider } from '@mantine/core'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { Toasts } from '../parts/layers/toasts.tsx'
import { colorSchemeManager } from '../theme/color-scheme.ts'
import { cssVariables, theme } from '../theme/theme.ts'
import { STYLE_NONCE } from '../theme/style-nonce.ts'
import { queries } from './queries.ts'
import { router } from './router.tsx'

/** The dashboard. */
export function App() {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      colorSchemeManager={colorSchemeManager}
      defaultColorScheme="auto"
      getStyleNonce={() => STYLE_NONCE}
    >
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
        <Toasts />
      </QueryClientProvider>
    </MantineProvider>
  )
}
