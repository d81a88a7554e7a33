// The bright stars that the course speaks of: right ascension in hours, declination in degrees,
// brightness in magnitudes (smaller is brighter), and a colour where the eye can see one.

export const STARS = {
  // The Big Dipper, from the rim of the bowl to the end of the handle.
  Dubhe: [11.062, 61.75, 1.8], Merak: [11.031, 56.38, 2.4], Phecda: [11.897, 53.69, 2.4], Megrez: [12.257, 57.03, 3.3],
  Alioth: [12.9, 55.96, 1.8], Mizar: [13.399, 54.93, 2.2], Alkaid: [13.792, 49.31, 1.9],
  // Around the pole.
  Polaris: [2.53, 89.26, 2.0], Kochab: [14.845, 74.16, 2.1], Pherkad: [15.345, 71.83, 3.0], Yildun: [17.537, 86.59, 4.3],
  'Epsilon Ursae Minoris': [16.766, 82.04, 4.2], 'Zeta Ursae Minoris': [15.734, 77.79, 4.3], 'Eta Ursae Minoris': [16.292, 75.76, 4.9],
  Caph: [0.153, 59.15, 2.3], Schedar: [0.675, 56.54, 2.2], 'Gamma Cassiopeiae': [0.945, 60.72, 2.4],
  Ruchbah: [1.43, 60.24, 2.7], Segin: [1.907, 63.67, 3.4],
  // Spring.
  Arcturus: [14.261, 19.18, -0.1, '#ffcf9e'], Spica: [13.42, -11.16, 1.0, '#cfe0ff'],
  // Orion and its neighbours.
  Betelgeuse: [5.919, 7.41, 0.5, '#ffb38a'], Rigel: [5.242, -8.2, 0.1, '#bcd4ff'], Bellatrix: [5.419, 6.35, 1.6], Saiph: [5.796, -9.67, 2.1],
  Alnitak: [5.679, -1.94, 1.8], Alnilam: [5.604, -1.2, 1.7], Mintaka: [5.533, -0.3, 2.2],
  Sirius: [6.752, -16.72, -1.5, '#e4eeff'], Aldebaran: [4.599, 16.51, 0.9, '#ffc393'], Alcyone: [3.791, 24.11, 2.9],
  Electra: [3.748, 24.11, 3.7], Atlas: [3.819, 24.05, 3.6], Merope: [3.772, 23.95, 4.2], Maia: [3.763, 24.37, 3.9],
  // The far south.
  Acrux: [12.443, -63.1, 0.8, '#cfe0ff'], Gacrux: [12.519, -57.11, 1.6, '#ffc9a0'], Mimosa: [12.795, -59.69, 1.3, '#cfe0ff'], Imai: [12.252, -58.75, 2.8],
  Ginan: [12.356, -60.4, 3.6], 'Rigil Kentaurus': [14.66, -60.83, -0.3, '#fff0cf'], Hadar: [14.064, -60.37, 0.6, '#cfe0ff'],
  Achernar: [1.629, -57.24, 0.5, '#cfe0ff'], Canopus: [6.399, -52.7, -0.7],
};

export const FIGURES = {
  dipper: [['Dubhe', 'Merak'], ['Merak', 'Phecda'], ['Phecda', 'Megrez'], ['Megrez', 'Dubhe'], ['Megrez', 'Alioth'], ['Alioth', 'Mizar'], ['Mizar', 'Alkaid']],
  littleDipper: [
    ['Polaris', 'Yildun'], ['Yildun', 'Epsilon Ursae Minoris'], ['Epsilon Ursae Minoris', 'Zeta Ursae Minoris'], ['Zeta Ursae Minoris', 'Kochab'],
    ['Kochab', 'Pherkad'], ['Pherkad', 'Eta Ursae Minoris'], ['Eta Ursae Minoris', 'Zeta Ursae Minoris'],
  ],
  cassiopeia: [['Caph', 'Schedar'], ['Schedar', 'Gamma Cassiopeiae'], ['Gamma Cassiopeiae', 'Ruchbah'], ['Ruchbah', 'Segin']],
  orion: [
    ['Betelgeuse', 'Bellatrix'], ['Betelgeuse', 'Alnitak'], ['Bellatrix', 'Mintaka'], ['Alnitak', 'Alnilam'], ['Alnilam', 'Mintaka'],
    ['Alnitak', 'Saiph'], ['Mintaka', 'Rigel'], ['Saiph', 'Rigel'],
  ],
  cross: [['Acrux', 'Gacrux'], ['Mimosa', 'Imai']],
};
