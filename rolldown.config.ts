import { defineConfig, type RolldownOptions } from 'rolldown';
import { thirdPartyLicences } from './deploy/image/third-party-licences.ts';

/**
 * `npm run build`: each program of the image as a few files, which start faster than some nine hundred modules. They lie
 * two folders deep, like the file that reads the schema, so that it is found from there as well.
 */
function bundle(name: string, input: string, options: RolldownOptions = {}): RolldownOptions {
  return {
    ...options,
    input: { main: input },
    platform: 'node',
    output: { dir: `dist/${name}`, cleanDir: true, chunkFileNames: '[name].js' },
    plugins: [...[options.plugins ?? []].flat(), thirdPartyLicences('THIRD-PARTY-LICENCES.txt')],
  };
}

export default defineConfig([
  bundle('gateway', 'src/main.ts', {
    external: [
      // OpenTelemetry patches modules as Node loads them, and loads what its variables name: deploy/image/open-telemetry.ts.
      /^@opentelemetry\//,
      // Loaded outside production only, and not in the image.
      /^\.{1,2}\/(emulator|explorer)\//,
    ],
    plugins: [
      {
        // There, libraries are taken in their CommonJS form by a `require` of its own, which the bundler would overlook.
        name: 'azure-identity',
        transform: {
          filter: { id: /azure-identity\.ts$/ },
          handler: (code) => code.replace(/^const require = createRequire.*$/m, ''),
        },
      },
    ],
  }),
  bundle('emulator', 'src/emulator/main.ts'),
]);
