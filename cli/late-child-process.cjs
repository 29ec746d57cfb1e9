'use strict';
// The parser requires `node:child_process` at its start for a feature that is not used; loading it takes milliseconds.
// cli/build.cjs puts this in its place.
module.exports = {
  get spawn() {
    return require('child_process').spawn;
  },
};
