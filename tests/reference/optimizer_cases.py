"""More optimizers."""
from keras import optimizers

from training_cases import optimizer_case

for name, make in {
        "adagrad": lambda: optimizers.Adagrad(0.1),
        "adagrad_options": lambda: optimizers.Adagrad(0.1, initial_accumulator_value=0.3, epsilon=1e-3, weight_decay=0.02),
        "adadelta": lambda: optimizers.Adadelta(1.0), "adadelta_rho": lambda: optimizers.Adadelta(0.5, rho=0.8, clipnorm=0.5),
        "adamax": lambda: optimizers.Adamax(0.02), "adamax_betas": lambda: optimizers.Adamax(0.02, beta_1=0.8, beta_2=0.95),
        "nadam": lambda: optimizers.Nadam(0.02), "nadam_decay": lambda: optimizers.Nadam(0.02, weight_decay=0.1, beta_2=0.99),
        "lion": lambda: optimizers.Lion(0.01), "lion_decay": lambda: optimizers.Lion(0.01, beta_1=0.8, weight_decay=0.1),
}.items():
    optimizer_case(name, make)
